"""Team climate; in: a team leader and a wave; out: the report of their team, its twins, a sheet to print."""
