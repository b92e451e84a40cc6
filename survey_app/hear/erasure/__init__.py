"""One person comes in; whatever could still be linked to them goes out of every room at once."""
