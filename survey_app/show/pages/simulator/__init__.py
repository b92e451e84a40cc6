"""The simulator: a phone in the browser; its texts go through the doors that all texts go through."""
