"""Says a comparison of places and keeps its picture: stored comparisons come in; words and bytes go out."""
