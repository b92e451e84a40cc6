"""Panels: named officials who judge a place; a list of them comes in, rounds with personal links go out."""
