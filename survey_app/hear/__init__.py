"""Hear: answers come in over whatever phone people have; each is stored durably, once, and nobody in danger is overheard."""
