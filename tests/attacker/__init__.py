"""A year of simulated answers comes in; what an outsider could solve from everything shown goes out."""
