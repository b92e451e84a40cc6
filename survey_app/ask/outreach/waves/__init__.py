"""Waves: a team asked once, or small teams together; in: rosters; out: tokens, and who has answered."""
