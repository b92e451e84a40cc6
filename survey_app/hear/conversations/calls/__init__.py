"""Calls: a call and its keys or words come in, each has its one effect; what is spoken next goes out."""
