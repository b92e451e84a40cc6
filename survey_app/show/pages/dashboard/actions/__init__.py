"""The door of those who act: signals come in; actions, verdicts and words for the public go out."""
