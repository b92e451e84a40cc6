"""Comes in: the product, a reference app and a bare insert. Goes out: ratios between them, one `name: value` a line."""
