"""Staff accounts: invited, given roles, closed and opened by people whose own roles reach so far."""
