"""Audit: what staff and commands did comes in; a chain that shows every edit, deletion and cut comes out."""
