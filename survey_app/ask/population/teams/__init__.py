"""Teams at places and who is on them; in: rosters as people keep them; out: who is on a team on a day."""
