"""The demonstration: invented places and people, their answers sent through the real intake, all labelled synthetic."""
