"""Wrong tries at a door come in, from any process; whether their source has tried too often goes out."""
