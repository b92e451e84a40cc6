"""What a released quarter says of places, groups and who answered: figures come in, findings go out."""
