"""An installation nobody can sign in to yet; its one-time address and how far its set-up has come."""
