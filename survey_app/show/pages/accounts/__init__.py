"""The door of staff accounts: a cookie comes in; who is signed in, or the sign-in page, goes out."""
