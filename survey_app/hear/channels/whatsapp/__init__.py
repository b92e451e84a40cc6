"""Messages by WhatsApp."""
