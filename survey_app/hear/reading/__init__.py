"""In: the words of one reply and the open question; out: one Reading, decided by rules alone."""
