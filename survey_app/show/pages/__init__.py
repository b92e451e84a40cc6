"""Pages for people: stored figures and rows come in; accessible pages that work without scripts go out."""
