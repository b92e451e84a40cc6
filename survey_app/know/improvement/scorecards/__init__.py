"""A place's answers to the planning questions come in, numbered versions of its scorecard go out."""
