"""Codes people type or scan: campaigns and invitations come in; codes, and surveys opened by them, go out."""
