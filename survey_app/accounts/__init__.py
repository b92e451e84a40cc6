"""An e-mail and a password come in; who it is, and at which places they may do what, goes out."""
