"""Settled responses come in; closed blocks of K or more people, with their counts, go out."""
