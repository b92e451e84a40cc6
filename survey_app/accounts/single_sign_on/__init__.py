"""An organisation's own sign-in (OpenID Connect): a code comes back; whose account it opens goes out."""
