"""Channels: people's and providers' requests come in; each door proves its caller and hands over."""
