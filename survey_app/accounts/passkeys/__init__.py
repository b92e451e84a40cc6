"""Passkeys as a second factor: what a phone or a security key signed comes in; whether it fits goes out."""
