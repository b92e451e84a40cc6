"""Safeguarding: words of distress come in; an alert for the people on call goes out."""
