"""Near-real-time experience surveys for integrated health and social care: ask, hear, know, show."""
