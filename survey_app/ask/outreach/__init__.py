"""Campaigns come in; seeded samples, invitations with secret links and queued messages go out."""
