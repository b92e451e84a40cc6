"""What is computed from what: counts of answers come in; figures on 0-100 and the list of measures go out."""
