"""Synthetic people for demonstrations: they come in by the same intake as everybody, labelled synthetic."""
