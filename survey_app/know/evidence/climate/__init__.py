"""Team climate; in: the ballots of a closed wave; out: the report of its team, stored once."""
