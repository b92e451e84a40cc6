"""Know: settled responses are counted in blocks, blocks become releases, releases become evidence."""
