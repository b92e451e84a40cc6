"""The simulator: a phone in the browser comes in; its texts go out through the same doors as anyone's. Not in production."""
