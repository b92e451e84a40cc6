"""Figures for programs: an API token comes in, the same releases that pages show go out as JSON."""
