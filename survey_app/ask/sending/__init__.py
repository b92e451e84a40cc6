"""Sending: messages to people come in through the outbox; each gets out once, and what the provider says of it comes back."""
