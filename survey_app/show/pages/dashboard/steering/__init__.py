"""Forms about one chart come in: notes, target, baseline; decisions go out to know/improvement."""
