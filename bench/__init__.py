"""Comes in: the product, a reference app and a bare insert. Goes out: the ratios between them."""
