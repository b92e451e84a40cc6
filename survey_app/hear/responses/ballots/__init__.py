"""Ballots of a wave; in: answers of somebody nobody can name; out: all of them at once, in no order."""
