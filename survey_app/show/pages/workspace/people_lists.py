"""A list of people that was sent in: what its columns are, what each row would do, and taking it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts.audit.trail import Deed, write
from survey_app.ask.population.importing import uploads
from survey_app.ask.population.importing.columns import FIELDS, FOR_ALL, Columns, guessed
from survey_app.ask.population.importing.judging import ERASED, Judged, Verdict, judge
from survey_app.ask.population.importing.reading import Table, read_table
from survey_app.ask.population.importing.refusals import refused_sheet
from survey_app.ask.population.importing.tables import PeopleUpload
from survey_app.ask.population.importing.taking import ImportReport, Taking, take
from survey_app.ask.population.people_rows import CHOICES
from survey_app.hear.erasure.marks import erased
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.workspace.needs import Needs
from survey_app.show.pages.workspace.people import refuse_without_reach
from survey_app.show.pages.workspace.people_words import FIELD_WORDS, choices_for_all
from survey_app.show.pages.workspace.reach import Reach
from survey_app.web.access import Who, who_may

FIRST = 20
"""Rows of the preview; faults have a table of their own."""
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A list, what its columns are, and what its rows would do; not judged while a column is missing."""

    table: Table
    columns: Columns
    judged: tuple[Judged, ...] = ()

    @property
    def tally(self) -> Mapping[Verdict, int]:
        """Return how many rows would do what."""
        return Counter(one.verdict for one in self.judged)

    @property
    def n_erased(self) -> int:
        """Return how many rows are refused for nothing but that their person asked to be erased."""
        return sum(bool(one.faults) and all(ERASED in said for said in one.faults) for one in self.judged)


class ListPages:
    """One list between being sent in and being taken; nobody but its sender sees it."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def hang(self, door: Blueprint) -> None:
        """Hang these pages in the workspace."""
        one = "/people/lists/<string(length=22):list_id>"
        door.add_url_rule(one, "list_show", view_func=self.show, methods=["GET"])
        door.add_url_rule(one, "list_columns", view_func=self.choose, methods=["POST"])
        door.add_url_rule(f"{one}/take", "list_take", view_func=self.take, methods=["POST"])
        door.add_url_rule(f"{one}/drop", "list_drop", view_func=self.drop, methods=["POST"])
        door.add_url_rule(f"{one}/refused.csv", "list_refused", view_func=self.refused)

    @who_may(Who.OFFICER)
    def show(self, list_id: str) -> str:
        """Show what the columns are and what taking the list would do, or what it did."""
        with self._needs.database.reading() as session:
            upload = self._mine(session, list_id)
            if upload.report is not None:
                return render_template("workspace/list_taken.html", list_id=list_id, report=upload.report)
            return self._page(session, list_id, self._shown(session, upload))

    @who_may(Who.OFFICER)
    def choose(self, list_id: str) -> Response:
        """Keep what the sender says each column is."""
        with self._needs.database.writing() as session:
            upload = self._mine(session, list_id)
            header = read_table(uploads.text_of(upload, self._needs.keys)).header
            uploads.choose(session, list_id, _chosen(header))
        return redirect(url_for("workspace.list_show", list_id=list_id, _anchor="rows"), 303)

    @who_may(Who.OFFICER)
    def take(self, list_id: str) -> Response:
        """Store every row that is not refused; the refused ones can be fetched for the rest of the hour."""
        too = request.form.get("once_erased_too") == "yes"
        with self._needs.database.writing() as session:
            upload = self._mine(session, list_id)
            if upload.report is None:
                self._take(session, upload, once_erased_too=too)
        return redirect(url_for("workspace.list_show", list_id=list_id), 303)

    @who_may(Who.OFFICER)
    def drop(self, list_id: str) -> Response:
        """Delete a list that nobody wants."""
        with self._needs.database.writing() as session:
            uploads.drop(session, self._mine(session, list_id).id)
        return redirect(url_for("workspace.people"), 303)

    @who_may(Who.OFFICER)
    def refused(self, list_id: str) -> Response:
        """Return the refused rows as a CSV file that a spreadsheet opens."""
        with self._needs.database.reading() as session:
            upload = self._mine(session, list_id)
            text = uploads.text_of(upload, self._needs.keys)
            if upload.report is None:
                shown = self._shown(session, upload)
                text = refused_sheet(shown.table, shown.judged)
        response = Response("\ufeff" + text, mimetype="text/csv")
        response.headers["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
        return response

    def _mine(self, session: Session, list_id: str) -> PeopleUpload:
        refuse_without_reach(session)
        found = uploads.find(session, list_id, staff_id=signed_in().staff_id, now=self._needs.clock())
        return found or abort(404)

    def _taking(self, session: Session, *, once_erased_too: bool = False) -> Taking:
        return Taking(
            self._needs.keys,
            self._needs.clock(),
            erased=erased(session),
            once_erased_too=once_erased_too,
        )

    def _shown(self, session: Session, upload: PeopleUpload, taking: Taking | None = None) -> Shown:
        table = read_table(uploads.text_of(upload, self._needs.keys))
        columns = _columns_of(upload, table)
        if columns.missing():
            return Shown(table, columns)
        ground = (taking or self._taking(session)).ground(self._needs.breakdown)
        return Shown(table, columns, tuple(judge(session, table, columns, ground)))

    def _take(self, session: Session, upload: PeopleUpload, *, once_erased_too: bool) -> None:
        taking = self._taking(session, once_erased_too=once_erased_too)
        shown = self._shown(session, upload, taking)
        if shown.columns.missing():
            abort(409)
        report = take(session, shown.judged, taking)
        rows = refused_sheet(shown.table, shown.judged)
        told = _told(report, shown.tally[Verdict.REFUSED], once_erased_too=once_erased_too)
        uploads.leave_refused(session, upload.id, rows, told, keys=self._needs.keys)
        about = f"added={report.n_added} changed={report.n_changed} refused={told['n_refused']}"
        if once_erased_too:
            about += f" once_erased={shown.n_erased}"
        write(
            session,
            Deed(signed_in().email, "people import", about),
            keys=self._needs.keys,
            now=self._needs.clock(),
        )

    def _page(self, session: Session, list_id: str, shown: Shown) -> str:
        reach = Reach(session, signed_in())
        at = shown.columns.at.get("reference")
        references = {
            one.line: one.cells[at] for one in shown.table.records if at is not None and not one.fault
        }
        return render_template(
            "workspace/list.html",
            list_id=list_id,
            shown=shown,
            tally=shown.tally,
            references=references,
            samples=_samples(shown.table),
            field_of={number: name for name, number in shown.columns.at.items()},
            fields=[(name, FIELD_WORDS[name]) for name in FIELDS],
            for_all=choices_for_all(reach.localities, CHOICES),
            words=FIELD_WORDS,
            name=reach.name,
            first=shown.judged[:FIRST],
            refused=[one for one in shown.judged if one.faults][:MOST_FAULTS],
        )


def _columns_of(upload: PeopleUpload, table: Table) -> Columns:
    if upload.columns is None:
        return guessed(table.header)
    return Columns(upload.columns["at"], upload.columns["for_all"], freely=True)


def _chosen(header: tuple[str, ...]) -> dict[str, Any]:
    at: dict[str, int] = {}
    for number in range(len(header)):
        name = request.form.get(f"column-{number}", "")
        if name in FIELDS:
            at.setdefault(name, number)
    said = {name: request.form.get(f"all-{name}", "")[:60] for name in FOR_ALL if name not in at}
    return {"at": at, "for_all": {name: value for name, value in said.items() if value}}


def _samples(table: Table) -> list[list[str]]:
    first = [record.cells for record in table.records if record.fault is None][:3]
    return [[cells[number][:40] for cells in first] for number in range(len(table.header))]


def _told(report: ImportReport, n_refused: int, *, once_erased_too: bool) -> dict[str, int | bool]:
    return {
        "n_added": report.n_added,
        "n_changed": report.n_changed,
        "n_same": report.n_same,
        "n_refused": n_refused,
        "n_objected": len(report.suppressed),
        "n_withdrawn": len(report.withdrawn),
        "n_unreachable": len(report.without_phone),
        "once_erased_too": once_erased_too,
    }
