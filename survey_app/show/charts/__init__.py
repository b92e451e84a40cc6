"""A stored Series comes in; its table, CSV, words and pictures go out, all of the same figures."""
