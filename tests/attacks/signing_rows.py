"""Who gets in where: single sign-on, passkeys, API tokens and the API, which no cookie opens."""

from __future__ import annotations

OPEN, SIGN_IN, NO_TOKEN, FORBIDDEN, UNKNOWN = 200, 303, 401, 403, 404

OFF = ("GET", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)  # until the settings name a provider
FORM = ("POST", SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
BY_TOKEN = ("GET", NO_TOKEN, NO_TOKEN, NO_TOKEN, NO_TOKEN)

ROWS = {
    "/sign-in/sso": OFF,
    "/sign-in/sso/callback": OFF,
    "/sign-in/passkey": ("POST", NO_TOKEN, NO_TOKEN, NO_TOKEN, NO_TOKEN),
    "/account/passkeys": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/account/passkeys/new": FORM,
    "/account/passkeys/made": FORM,
    "/account/passkeys/<int(max=2147483647):passkey_id>/remove": FORM,
    "/account/tokens": ("GET", SIGN_IN, FORBIDDEN, OPEN, OPEN),
    "/account/tokens POST": FORM,
    "/account/tokens/<int(max=2147483647):token_id>/revoke": FORM,
    "/api/v1/openapi.json": BY_TOKEN,
    "/api/v1/places": BY_TOKEN,
    "/api/v1/measures": BY_TOKEN,
    "/api/v1/series": BY_TOKEN,
    "/api/v1/series/<measure_id>/<place_id>": BY_TOKEN,
}
IDS = {"token_id": 1, "passkey_id": 1}
