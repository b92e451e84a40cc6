"""Paper forms: what staff read off a sheet comes in, once or twice; one submission a sheet goes out."""
