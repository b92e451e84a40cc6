"""What the pages of places look up first: the reader's places, the measure asked for."""

from __future__ import annotations

from flask import Response, abort
from sqlalchemy.orm import Session

from survey_app.know.measures.measures import Measure, UnknownMeasure
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.tree import Spot, Tree


def tree_of(session: Session, needs: Needs) -> Tree:
    """Return the reader's part of the tree of places."""
    return Tree(session, signed_in(), needs.today())


def spot_of(tree: Tree, place_id: str) -> Spot:
    """Return a place of the reader's scope; any other is not found."""
    return tree.find(place_id) or abort(404)


def measure_of(needs: Needs, measure_id: str) -> Measure:
    """Return a measure; an unknown one is not found."""
    try:
        return needs.measures.get(measure_id)
    except UnknownMeasure:
        abort(404)


def as_csv(text: str, name: str) -> Response:
    """Give a table as a download; names are made here, never taken from an address."""
    return Response(
        text,
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
