"""Gateways: a letter comes in; the provider's id of it goes out, or a fault that says what may be done."""
