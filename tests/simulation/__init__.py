"""Conversations under bad weather: people who write anything at any time, and a provider that does its worst."""
