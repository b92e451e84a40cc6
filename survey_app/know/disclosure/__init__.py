"""Closed blocks come in; releases go out: the only figures that anything downstream may read."""
