"""Notes on a chart: a lead or survey officer adds one; its author or a lead takes it off again."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.know.improvement.annotations import (
    NewAnnotation,
    annotate,
    annotation,
    annotations_for,
    withdraw,
)
from survey_app.know.improvement.changes import BadSteering
from survey_app.know.improvement.tables import AnnotationRow
from survey_app.show.pages.dashboard.needs import Needs
from survey_app.show.pages.dashboard.steering.forms import HERE, AnnotationForm, annotation_form
from survey_app.show.pages.dashboard.steering.ground import Ground, ground
from survey_app.web.access import Who, who_may


class AnnotationPages:
    """What happened, noted on charts."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    @who_may(Who.READER)
    def page(self, measure_id: str, place_id: str) -> str:
        """Show the notes of a chart, withdrawn ones too, and the form for another."""
        with self._needs.database.reading() as session:
            here = ground(self._needs, session, measure_id, place_id)
            return self._shown(session, here, self._form(here, new=True), "")

    @who_may(Who.LEAD, Who.OFFICER)
    def add(self, measure_id: str, place_id: str) -> Response | tuple[str, int]:
        """Keep a note, or show the form again with its faults."""
        fault = ""
        with self._needs.database.writing() as session:
            here = ground(self._needs, session, measure_id, place_id)
            form = self._form(here)
            if form.validate():
                try:
                    annotate(session, _new(here, form), now=self._needs.clock(), today=self._needs.today())
                    return _back(measure_id, place_id)
                except BadSteering as bad:
                    fault = str(bad)
            return self._shown(session, here, form, fault), 422

    @who_may(Who.LEAD, Who.OFFICER)
    def withdraw(self, measure_id: str, place_id: str, note_id: int) -> Response:
        """Take a note of this place off the charts; it stays in the history."""
        with self._needs.database.writing() as session:
            here = ground(self._needs, session, measure_id, place_id)
            row = annotation(session, note_id)
            if row is None or row.place_id != here.place.id:
                abort(404)
            if not may_withdraw(here, row):
                abort(403)
            withdraw(session, row.id, by=here.by, now=self._needs.clock())
        return _back(measure_id, place_id)

    def _form(self, here: Ground, *, new: bool = False) -> AnnotationForm:
        return annotation_form(None if new else request.form, here.place.name, self._needs.today())

    def _shown(self, session: Session, here: Ground, form: AnnotationForm, fault: str) -> str:
        names = {spot.id: spot.name for spot in (*here.above, here.place)}
        rows = [
            row
            for row in annotations_for(session, here.measure.id, here.place_ids)
            # Of places outside the reader's scope only what stands on the chart.
            if row.place_id in names or not row.withdrawn_at
        ]
        return render_template(
            "dashboard/steering/annotations.html",
            synthetic=self._needs.synthetic(),
            here=here,
            form=form,
            fault=fault,
            rows=rows,
            mine={row.id for row in rows if row.place_id == here.place.id and may_withdraw(here, row)},
            names=names,
        )


def may_withdraw(here: Ground, row: AnnotationRow) -> bool:
    """Tell whether the reader may take a note of this place off the charts."""
    return here.may_lead or (here.may_note and row.made_by == here.by)


def _new(here: Ground, form: AnnotationForm) -> NewAnnotation:
    return NewAnnotation(
        place_id=here.place.id,
        measure_id=here.measure.id if form.concerns.data == HERE else None,
        day=form.day.data,
        text=form.text.data,
        by=here.by,
    )


def _back(measure_id: str, place_id: str) -> Response:
    return redirect(url_for("dashboard.annotations", measure_id=measure_id, place_id=place_id), 303)
