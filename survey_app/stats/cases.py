"""Reading one case of a batch document, field by field."""

from __future__ import annotations

import math
from datetime import date
from typing import Any


class BadCaseError(ValueError):
    """A case that cannot be computed; the message says what was expected."""


def number_of(value: object, name: str) -> float:
    """Read a number.

    Parameters
    ----------
    value : object
        As it stood in the document.
    name : str
        Its field, for the message.

    Returns
    -------
    float
        The same number.

    Raises
    ------
    BadCaseError
        For anything else: true and false, infinities, what is not a number.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        message = f"{name} is {value!r}: expected a finite number"
        raise BadCaseError(message)
    return value


def whole_of(value: object, name: str) -> int | None:
    """Read a whole number.

    Parameters
    ----------
    value : object
        As it stood in the document.
    name : str
        Its field, for the message.

    Returns
    -------
    int or None
        None where nothing was given.

    Raises
    ------
    BadCaseError
        For anything but a whole number.
    """
    if value is None:
        return None
    number = number_of(value, name)
    if number != math.floor(number):
        message = f"{name} is {value}: expected a whole number"
        raise BadCaseError(message)
    return math.floor(number)


def day_of(text: object) -> date:
    """Read a day.

    Parameters
    ----------
    text : object
        As it stood in the document: an ISO day.

    Returns
    -------
    date
        The day.

    Raises
    ------
    BadCaseError
        For anything but text.
    ValueError
        For text that is no ISO day.
    """
    if not isinstance(text, str):
        message = f"date is {text!r}: expected a day such as 2026-01-05"
        raise BadCaseError(message)
    return date.fromisoformat(text)


def label_of(value: object, name: str) -> str:
    """Read the name of a category or a group.

    Parameters
    ----------
    value : object
        As it stood in the document: text, or a whole number that serves as a name.
    name : str
        Its field, for the message.

    Returns
    -------
    str
        The same name, as text.

    Raises
    ------
    BadCaseError
        For anything else, also where nothing was given.
    """
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    message = f"{name} is {value!r}: expected a name"
    raise BadCaseError(message)


def list_of(value: object, name: str) -> list[Any]:
    """Read a list.

    Parameters
    ----------
    value : object
        As it stood in the document.
    name : str
        Its field, for the message.

    Returns
    -------
    list
        The same list; empty where nothing was given.

    Raises
    ------
    BadCaseError
        For anything but a list.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        message = f"{name} is {value!r}: expected a list"
        raise BadCaseError(message)
    return value
