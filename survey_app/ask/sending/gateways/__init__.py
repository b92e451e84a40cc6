"""Gateways: a letter comes in; the provider's id of it goes out, or one of three faults that say whether it may be sent again."""
