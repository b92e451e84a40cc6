"""HTML comes in from pages, tagged PDF goes out to the person who asked; only workers do the printing."""
