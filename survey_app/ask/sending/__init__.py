"""Sending: messages to people come in through the outbox; each gets out once, and its receipts are kept."""
