"""API tokens, each within its maker's reach: a token comes in, which places it may read goes out."""
