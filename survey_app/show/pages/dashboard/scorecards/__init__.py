"""A place's scorecards: the board on one page, icons alone, versions, and the builder step by step."""
