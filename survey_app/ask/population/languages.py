"""The languages people are asked in, by code; each has a file in config/pages and config/wording."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "cy": "Welsh",
        "ar": "Arabic",
        "bn": "Bengali",
        "pa": "Punjabi",
        "pl": "Polish",
        "ro": "Romanian",
        "ur": "Urdu",
    }
)
OF_TEAMS = ("en", "cy")
"""In which staff teams are asked and written to."""
MEANT: Mapping[str, str] = MappingProxyType(
    {code: code for code in NAMES}
    | {name.lower(): code for code, name in NAMES.items()}
    | {"cymraeg": "cy", "polski": "pl"}
)
"""What lists write, in lower case."""


def language_fault(code: str, among: Collection[str] = tuple(NAMES)) -> str | None:
    """Return what is wrong with a code, naming those that would do; a region behind a hyphen may stand."""
    base, _, region = code.partition("-")
    if base in among and (not region or (region.isascii() and region.isalpha() and region.isupper())):
        return None
    listed = ", ".join(f"{one} ({NAMES[one]})" for one in among)
    return f"language must be one of {listed}, not {code!r}"
