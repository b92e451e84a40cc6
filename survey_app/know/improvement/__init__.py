"""What people decide or note about a chart comes in; its target, rebases and marks go out."""
