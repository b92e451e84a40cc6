"""The pages on which staff are invited, given roles, closed and opened again."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.accounts import managing, passes, staff
from survey_app.accounts.keeping import LastAdministrator
from survey_app.accounts.managing import NotAllowed
from survey_app.accounts.scope import Granted
from survey_app.accounts.staff import BadStaff, tidy_email
from survey_app.show.pages.accounts.gate import signed_in
from survey_app.show.pages.accounts.staffing.desk import ROLES, Desk
from survey_app.show.pages.accounts.staffing.needs import Needs
from survey_app.show.pages.accounts.staffing.post import INVITED
from survey_app.web.access import Who, who_may

ONE = "/workspace/staff/<int(max=2147483647):staff_id>"
CHOOSE = "Choose a role and a place"

Page = str | tuple[str, int] | Response


class StaffPages:
    """What administrators, and leads within their rank, do with accounts."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs

    def hang(self, door: Blueprint) -> None:
        """Hang the pages in the door."""
        pass_id = "<int(max=2147483647):pass_id>"  # noqa: S105 - part of an address
        for address, name, view, method in (
            ("/workspace/staff", "people", self.people, "GET"),
            ("/workspace/staff/invite", "ask", self.ask, "GET"),
            ("/workspace/staff/invite", "invite", self.invite, "POST"),
            (f"/workspace/staff/invitations/{pass_id}/take-back", "take_back", self.take_back, "POST"),
            (ONE, "member", self.member, "GET"),
            (f"{ONE}/roles", "give", self.give, "POST"),
            (f"{ONE}/roles/take", "take", self.take, "POST"),
            (f"{ONE}/<any(close, reopen, unlock, code):turn>", "move", self.move, "POST"),
        ):
            door.add_url_rule(address, name, view_func=view, methods=[method])

    @who_may(Who.LEAD)
    def people(self) -> str:
        """List the accounts in reach, and the invitations that wait."""
        with self._needs.database.reading() as session:
            desk = Desk(session, self._needs.clock())
            found, waiting = desk.people(), desk.waiting()
        return render_template("accounts/staff/people.html", people=found, waiting=waiting)

    @who_may(Who.LEAD)
    def ask(self) -> str:
        """Ask whom to invite."""
        return self._invite_page()

    @who_may(Who.LEAD)
    def invite(self) -> Page:
        """Send an invitation; whether the address has an account already is not to be seen."""
        email, person = request.form.get("email", "")[:254], signed_in()
        with self._needs.database.writing() as session:
            desk = Desk(session, self._needs.clock())
            granted = desk.granted(request.form.get("role", ""), request.form.get("place", ""))
            if granted is None:
                return self._invite_page(fault=CHOOSE), 422
            now, keys = self._needs.clock(), self._needs.keys
            try:
                token = passes.invite(session, person, email, granted, keys=keys, now=now)
            except BadStaff as bad:
                return self._invite_page(fault=str(bad)), 422
            told = f"email={tidy_email(email)[:100]} {_about(granted)}"
            self._needs.note(session, person.email, "invite", told)
            place = desk.name_of(granted.place_path)
        return self._sent(tidy_email(email), ROLES[granted.role][0], place, token)

    @who_may(Who.LEAD)
    def take_back(self, pass_id: int) -> Response:
        """Let an invitation lapse."""
        with self._needs.database.writing() as session:
            mine = {one.id: one for one in Desk(session, self._needs.clock()).waiting()}
            found = mine.get(pass_id) or abort(404)
            passes.take_back(session, found.id)
            self._needs.note(session, signed_in().email, "invitation taken back", f"email={found.email}")
        return redirect(url_for("staffing.people"), 303)

    @who_may(Who.LEAD)
    def member(self, staff_id: int) -> str:
        """Show one account."""
        return self._member_page(staff_id)

    @who_may(Who.LEAD)
    def give(self, staff_id: int) -> Page:
        """Give somebody one more role."""

        def deed(session: Session, granted: Granted) -> None:
            managing.add_role(session, signed_in(), staff_id, granted)

        return self._change_roles(staff_id, "role given", deed)

    @who_may(Who.LEAD)
    def take(self, staff_id: int) -> Page:
        """Take a role away."""

        def deed(session: Session, granted: Granted) -> None:
            managing.drop_role(session, signed_in(), staff_id, granted)

        return self._change_roles(staff_id, "role taken", deed)

    @who_may(Who.LEAD)
    def move(self, staff_id: int, turn: str) -> Page:
        """Close an account, open it again, let somebody try again, or take their second factor away."""
        with self._needs.database.writing() as session:
            found = Desk(session, self._needs.clock()).member(staff_id)
            if not found.may_manage:
                abort(403)
            try:
                _TURNS[turn](session, staff_id)
            except LastAdministrator as last:
                fault = str(last)
            else:
                fault = ""
                self._needs.note(session, signed_in().email, turn, f"email={found.email}")
        return (self._member_page(staff_id, fault=fault), 422) if fault else self._back(staff_id)

    def _change_roles(self, staff_id: int, did: str, deed: managing.RoleDeed) -> Page:
        with self._needs.database.writing() as session:
            desk = Desk(session, self._needs.clock())
            found = desk.member(staff_id)
            granted = desk.granted(request.form.get("role", ""), request.form.get("place", ""))
            fault = "" if granted else CHOOSE
            try:
                if granted:
                    deed(session, granted)
                    self._needs.note(
                        session, signed_in().email, did, f"email={found.email} {_about(granted)}"
                    )
            except LastAdministrator as last:
                fault = str(last)
            except NotAllowed:
                abort(403)
        return (self._member_page(staff_id, fault=fault), 422) if fault else self._back(staff_id)

    def _sent(self, email: str, role: str, place: str, token: str) -> str:
        settings = self._needs.settings
        link = f"{settings.public_base_url}/join/{token}"
        words = {"name": signed_in().name, "service": settings.service_name, "role": role, "place": place}
        left = self._needs.post.hand_over(
            email, f"Invitation to {settings.service_name}", INVITED.format(**words, link=link)
        )
        shown = "" if settings.is_production else link
        return render_template("accounts/staff/sent.html", email=email, left=left, link=shown)

    def _invite_page(self, *, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            desk = Desk(session, self._needs.clock())
            roles, places = desk.roles, desk.places
        return render_template(
            "accounts/staff/invite.html", roles=roles, places=places, fault=fault, asked=request.form
        )

    def _member_page(self, staff_id: int, *, fault: str = "") -> str:
        with self._needs.database.reading() as session:
            desk = Desk(session, self._needs.clock())
            shown = {"member": desk.member(staff_id), "roles": desk.roles, "places": desk.places}
        own = staff_id == signed_in().staff_id
        return render_template("accounts/staff/member.html", **shown, fault=fault, own=own)

    def _back(self, staff_id: int) -> Response:
        with self._needs.database.reading() as session:
            seen = {one.staff_id for one in Desk(session, self._needs.clock()).people()}
        # Whoever has lost their last role in reach is nobody's business here any more.
        to = url_for("staffing.member", staff_id=staff_id) if staff_id in seen else None
        return redirect(to or url_for("staffing.people"), 303)


_TURNS = {
    "close": managing.close,
    "reopen": staff.reopen,
    "unlock": staff.unlock,
    "code": staff.drop_factor,
}


def _about(granted: Granted) -> str:
    return f"role={granted.role} at={granted.place_path}"
