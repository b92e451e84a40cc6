"""What somebody does about a signal comes in; dated marks, verdicts by rule and "you said, we did" go out."""
