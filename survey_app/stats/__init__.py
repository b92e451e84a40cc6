"""Numbers in, numbers out: control charts with their signals, and intervals; nothing here knows of people."""
