"""Telephone calls: the provider's signed requests come in; what to say next goes out as TwiML."""
