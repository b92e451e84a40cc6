"""Channels: requests from people and providers come in; each door proves its caller and hands over, nothing else."""
