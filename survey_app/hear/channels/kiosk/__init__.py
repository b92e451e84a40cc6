"""The survey on a shared screen: a poster's code comes in; one person after the other answers, unseen."""
