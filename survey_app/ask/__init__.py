"""Whom we ask, what and when: instruments and people come in, invitations and messages go out."""
