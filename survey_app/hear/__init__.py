"""Hear: answers come in over whatever phone people have; each is stored once, and no cry for help is lost."""
