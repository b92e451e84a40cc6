"""Text messages: the provider's signed requests come in; a turn of a conversation or a receipt goes out."""
