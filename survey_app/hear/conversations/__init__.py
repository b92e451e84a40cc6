"""Conversations: one inbound text comes in; its meaning takes effect once, and at most one text goes back."""
