"""Show: what was found is said, drawn and laid out, for people who were never taught statistics."""
