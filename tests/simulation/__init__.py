"""Conversations under bad weather: people who write anything at any time, a provider that does its worst."""
