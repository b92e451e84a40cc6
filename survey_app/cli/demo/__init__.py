"""The demonstration: invented places and people, whose answers come in through the real intake."""
