"""One page as a description with two renderings: the whole page, and the part that an open copy asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort
from sqlalchemy.orm import Session

from survey_app.show.charts.stamps import releases_stamp
from survey_app.show.pages.dashboard.tree import Spot, Tree

Paths = tuple[str, ...]
Stamp = Callable[[Session, Paths], str | None]


@dataclass(frozen=True, slots=True)
class Look:
    """One page's look at the stored evidence."""

    session: Session
    tree: Tree
    paths: Paths
    day: dt.date

    def spot(self, place_id: str) -> Spot:
        """Return a place of the reader's scope; any other is not found."""
        return self.tree.find(place_id) or abort(404)

    def spot_or_home(self, place_id: str) -> Spot | None:
        """Return a place of the reader's scope or, where none is named, the reader's topmost."""
        return self.spot(place_id) if place_id else self.tree.home()


@dataclass(frozen=True, slots=True)
class Content:
    """One page: `stamp` is None where the reader may see nothing, `shown` is empty where there is nothing."""

    name: str
    address: str
    stamp: Stamp
    shown: Callable[[Look], dict[str, Any]]


def stamp_of_place(place_id: str | None) -> Stamp:
    """Return the stamp of all series of a place, or of everything in scope."""
    return lambda session, paths: releases_stamp(session, paths, place_id)
