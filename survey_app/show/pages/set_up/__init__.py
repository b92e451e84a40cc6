"""An empty installation comes in; an administrator and a list of what to do come out."""
