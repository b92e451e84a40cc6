"""Pages as they answer to a form: what is missing, what is refused, what would happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page

PASSWORD = "{password}"  # stands for the demo's own
SERIES = "/dashboard/series/ex.info.top/millbrook"
PEOPLE = (
    "reference,phone,locality,language\nZ-1,07700 900777,quayside,en\nZ-2,07700 9,quayside,en\n"
    "Z-3,07700 900778,nowhere,en\n"
)


@dataclass(frozen=True, slots=True)
class State:
    """Somebody opens a page, fills in some fields, and presses a button: the first that begins so."""

    name: str
    who: str
    address: str
    press: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    picks: tuple[str, ...] = ()

    def reach(self, page: Page, password: str) -> None:
        """Bring a window of this person's into the state."""
        page.goto(self.address)
        for name, value in self.fields.items():
            page.locator(f"main [name={name}]").first.fill(value.replace(PASSWORD, password))
        for label in self.picks:
            page.get_by_label(label).first.check()
        if self.press:
            page.locator("main button", has_text=self.press).first.click()


STATES = (
    State("sign-in-error", "", "/sign-in", "Sign in", {"email": "nobody@demo.example", "password": "wrong"}),
    State("reset-asked", "", "/sign-in/reset", "Send the link", {"email": "nobody@demo.example"}),
    State("code-error", "", "/q", "Continue", {"code": "wrong"}),
    State("unknown", "", "/s/unknown"),
    State("dead-link", "", "/join/unknown"),
    State("unknown-place", "lead", "/dashboard/places/nowhere"),
    State("refused", "auditor", "/workspace"),
    State("model-text", "lead", "/dashboard/model?view=text"),
    State("model-framework", "lead", "/dashboard/model?framework=change-concepts"),
    State("model-place", "lead", "/dashboard/model?place=quayside"),
    State("locality-grouped", "lead", "/dashboard/places/marsh-end"),
    State("series-step", "lead", "/dashboard/series/ex.say.mean/northfield"),
    State("series-group", "lead", "/dashboard/series/ex.say.mean/fellside-marsh-end"),
    State("series-record", "lead", "/dashboard/series/rec.emerg_adm_65/harbour-vale"),
    State("quarters-practice", "lead", "/dashboard/quarters/ex.say.mean/quayside-gp-1"),
    State("answered-whole", "lead", "/dashboard/answered/harbour-vale"),
    State("compare-whole", "lead", "/dashboard/compare/ex.say.mean"),
    State("target-error", "lead", f"{SERIES}/target", "Set the target", {"value": "many"}),
    State("baseline-error", "lead", f"{SERIES}/baseline", "Confirm"),
    State("note-error", "lead", f"{SERIES}/annotations", "Add the note"),
    State("action-where", "lead", "/dashboard/actions/new"),
    State("action-error", "lead", "/dashboard/actions/new?place=millbrook", "Plan the action"),
    State("told-error", "lead", "/dashboard/actions/2/you-said", "Go on"),
    State("cycle-error", "lead", "/dashboard/actions/2/cycles", "Plan the cycle"),
    State("scorecard-error", "lead", "/dashboard/scorecards", "Begin the scorecard", {"name": ""}),
    State("figures-error", "analyst", "/dashboard/figures.csv", "Take the file", {"reason": "short"}),
    State("token-error", "analyst", "/account/tokens", "Make the token"),
    State("audit-error", "auditor", "/workspace/audit/trail.csv", "Take the file", {"reason": "short"}),
    State("audit-nobody", "auditor", "/workspace/audit?by=nobody@demo.example"),
    State("password-error", "officer", "/account", "Change the password"),
    State("factor-error", "officer", "/account", "Set up a code", {"password": "wrong"}),
    State("factor", "officer", "/account", "Set up a code", {"password": PASSWORD}),
    State("people-error", "officer", "/workspace/people", "Show what"),
    State("people-columns", "officer", "/workspace/people", "Show what", {"pasted": PEOPLE}),
    State("erase-error", "officer", "/workspace/people/erase", "Show how"),
    State("erase-nobody", "officer", "/workspace/people/erase", "Show how", {"said": "07700 900999"}),
    State("erase-shown", "officer", "/workspace/people/erase", "Show how", {"said": "07700 900103"}),
    State("left-alone-error", "officer", "/workspace/people/left-alone", "Show what"),
    State("records-error", "officer", "/workspace/records", "Show what"),
    State("panel-error", "officer", "/workspace/panels", "Open the round"),
    State("paper-error", "officer", "/workspace/paper", "Continue", {"number": "wrong"}),
    State("call-error", "officer", "/workspace/call-backs", "This is done"),
    State("new-error", "officer", "/workspace/campaigns/new", "Continue"),
    State(
        "new-where", "officer", "/workspace/campaigns/new?step=where&name=Autumn&instrument=pulse-user-6:1"
    ),
    State(
        "new-how",
        "officer",
        "/workspace/campaigns/new?step=how&name=Autumn&instrument=pulse-user-6:1&localities=quayside",
    ),
    State(
        "new-when",
        "officer",
        "/workspace/campaigns/new?step=when&name=Autumn&instrument=pulse-user-6:1&localities=quayside&channels=text&rhythm=weekly",
    ),
    State("texts", "officer", "/workspace/campaigns/1/texts"),
    State("delivery-one", "officer", "/workspace/campaigns/1/delivery"),
    State("dry-run", "officer", "/workspace/campaigns/1/dry-run"),
    State("team-error", "team-leader", "/workspace/teams", "Make the team"),
    State("wave-error", "team-leader", "/workspace/teams/waves", "Plan the wave"),
    State("place-error", "administrator", "/workspace/places/quayside", "Add the"),
    State("place-move", "administrator", "/workspace/places/quayside", "Show what this does"),
    State("invite-error", "administrator", "/workspace/staff/invite", "Send the invitation"),
    State("instrument-welsh", "analyst", "/workspace/library/pulse-user-6/v1?language=cy"),
    State("phone", "", "/simulator"),
    State("calls", "", "/simulator/calls"),
    State("post", "", "/simulator/post"),
)
