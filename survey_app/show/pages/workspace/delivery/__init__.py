"""Delivery pages: what became of messages comes in; what is wrong and what to do goes out."""
