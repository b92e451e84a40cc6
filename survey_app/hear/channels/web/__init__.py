"""The survey in a browser: a link is opened and forms are posted; submissions go to the intake, pages come back."""
