"""Question types: an item's definition and a raw answer come in; faults and an option's code go out."""
