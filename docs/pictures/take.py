"""Walks through a running demo in a browser and keeps a picture of every page, on a phone and wide."""

from __future__ import annotations

import argparse
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

KEPT = Path(__file__).parent
ALL = KEPT.parent.parent / "build" / "pictures"
WIDTHS = {"phone": 360, "wide": 1280}
HEIGHTS = {"phone": 740, "wide": 800}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FOR_README = {
    "model-wide": 1500,
    "question-phone": 740,
    "texts-phone": 900,
    "series-wide": 1070,
}
"""The few pictures that are committed, and how many pixels from the top each shows at most."""
SLOWER_THAN_A_SCANNER = 1_600  # milliseconds

LEAD = {
    "dashboard": "/dashboard",
    "model": "/dashboard/model",
    "model-text": "/dashboard/model?view=text",
    "model-framework": "/dashboard/model?framework=change-concepts",
    "measure": "/dashboard/measures/ex.say.mean",
    "model-place": "/dashboard/model?place=quayside",
    "element": "/dashboard/elements/outcomes.experience.3",
    "place": "/dashboard/places/vale",
    "locality": "/dashboard/places/quayside",
    "series": "/dashboard/series/ex.say.mean/quayside",
    "series-baseline": "/dashboard/series/ex.info.mean/quayside/baseline",
    "series-target": "/dashboard/series/ex.say.mean/quayside/target",
    "series-notes": "/dashboard/series/ex.say.mean/quayside/annotations",
    "series-step": "/dashboard/series/ex.say.mean/northfield",
    "series-worse": "/dashboard/series/ex.moves.mean/millbrook",
    "series-group": "/dashboard/series/ex.say.mean/fellside-marsh-end",
    "quarters": "/dashboard/quarters/ex.say.mean/harbour-vale",
    "quarters-practice": "/dashboard/quarters/ex.say.mean/quayside-gp-1",
    "quarters-grouped": "/dashboard/quarters/ex.say.mean/marsh-end",
    "locality-grouped": "/dashboard/places/marsh-end",
    "alerts": "/workspace/alerts",
}
OFFICER = {
    "workspace": "/workspace",
    "workspace-new": "/workspace/campaigns/new",
    "workspace-plan": "/workspace/campaigns/1",
    "workspace-people": "/workspace/people",
    "workspace-groups": "/workspace/groups",
}
ADMINISTRATOR = {
    "staff": "/workspace/staff",
    "staff-invite": "/workspace/staff/invite",
    "staff-member": "/workspace/staff/1",
    "audit": "/workspace/audit",
    "audit-copy": "/workspace/audit/trail.csv",
}
ANYONE = {
    "sign-in": "/sign-in",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "help": "/help/special-cause",
    "unknown": "/s/unknown",
}


@dataclass(frozen=True, slots=True)
class Camera:
    """A browser at one width, and where its pictures go."""

    browser: Browser
    base: str
    shape: str
    folder: Path

    @contextmanager
    def page(self) -> Iterator[Page]:
        """Open a new browser window without anybody's cookies."""
        size = {"width": WIDTHS[self.shape], "height": HEIGHTS[self.shape]}
        context = self.browser.new_context(viewport=size, base_url=self.base, locale="en-GB")
        yield context.new_page()
        context.close()

    def take(self, page: Page, name: str) -> None:
        """Keep the whole page as it stands."""
        page.screenshot(path=self.folder / f"{name}-{self.shape}.png", full_page=True)

    def visit(self, page: Page, pages: dict[str, str]) -> None:
        """Open pages and keep them."""
        for name, address in pages.items():
            page.goto(address)
            self.take(page, name)


def main() -> None:
    """Take every picture of a demo, and shrink the few that are committed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("base", nargs="?", default="http://127.0.0.1:8000", help="where the demo runs")
    asked.add_argument("--data-dir", type=Path, default=Path(".data"), help="holds the demo's password")
    given = asked.parse_args()
    password = (given.data_dir / "demo-password").read_text(encoding="utf-8").strip()
    ALL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for shape in WIDTHS:
            camera = Camera(chromium, given.base, shape, ALL)
            of_everybody(camera)
            of_staff(camera, "lead@demo.example", password, LEAD)
            of_staff(camera, "officer@demo.example", password, OFFICER)
            of_staff(camera, "administrator@demo.example", password, ADMINISTRATOR)
            of_a_conversation(camera)
            of_a_survey(camera)
        chromium.close()
    for name, height in FOR_README.items():
        shrink(ALL / f"{name}.png", KEPT / f"{name}.png", height)


def of_everybody(camera: Camera) -> None:
    """Take the pages that need no sign-in."""
    with camera.page() as page:
        camera.visit(page, ANYONE)


def of_staff(camera: Camera, email: str, password: str, pages: dict[str, str]) -> None:
    """Sign in and take what this person may see."""
    with camera.page() as page:
        page.goto("/sign-in")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/dashboard*")
        camera.visit(page, pages)


def of_a_conversation(camera: Camera) -> None:
    """Answer the first questions by text and take the phone in the middle."""
    with camera.page() as page:
        phone = unused_phone(page)
        for words in ("1", "3", "mostly", "back", "2", "not sure"):
            text(page, phone, words)
        camera.take(page, "simulator")
        box = page.locator(".sim__phone").bounding_box()
        if box is None:
            raise LookupError("expected a phone on the simulator's page")
        page_box = {**box, "y": box["y"] + page.evaluate("scrollY")}
        page.screenshot(path=camera.folder / f"texts-{camera.shape}.png", full_page=True, clip=page_box)


def of_a_survey(camera: Camera) -> None:
    """Take a survey from its start to its end, and the way out of one."""
    with camera.page() as page:
        link = link_on(page)
        page.goto(link)
        camera.take(page, "start")
        page.get_by_role("button", name="Start now").click()
        camera.take(page, "question")
        page.get_by_role("button", name="Continue").click()
        camera.take(page, "question-error")
        page.wait_for_timeout(SLOWER_THAN_A_SCANNER)
        while page.get_by_role("button", name="Continue").count():
            page.locator(".nhsuk-radios__label").nth(1).click()
            page.get_by_role("button", name="Continue").click()
        camera.take(page, "finish")
        page.goto(link)
        camera.take(page, "already-answered")
        page.goto(link_on(page).replace("/s/", "/stop/"))
        camera.take(page, "stop")
        page.get_by_role("button", name="Stop asking me").click()
        camera.take(page, "stopped")


def link_on(page: Page) -> str:
    """Say "not now" from a phone; the reply holds the link to come back to."""
    phone = unused_phone(page)
    text(page, phone, "not now")
    found = re.search(r"http\S+/s/[0-9A-Za-z_-]+", page.locator("#texts").inner_text())
    if found is None:
        raise LookupError(f"expected a link among the texts of {phone}")
    return found[0]


def unused_phone(page: Page) -> str:
    """Find a demo phone that has sent nothing yet."""
    for number in range(32):
        phone = f"+447700900{100 + number}"
        page.goto(f"/simulator?phone=%2B{phone[1:]}")
        if not page.locator(".sim__text--sent").count():
            return phone
    raise LookupError("every demo phone has been used: start a fresh demo")


def text(page: Page, phone: str, words: str) -> None:
    """Text us from a phone and wait for the reply."""
    received = page.locator(".sim__text--received")
    before = received.count()
    page.fill("#body", words)
    page.get_by_role("button", name="Send").click()
    until = time.monotonic() + 20
    while received.count() <= before and time.monotonic() < until:
        page.wait_for_timeout(400)
        page.goto(f"/simulator?phone=%2B{phone[1:]}")


def shrink(source: Path, target: Path, height: int) -> None:
    """Cut a picture to a readable part and few colours, so that the repository stays small."""
    with Image.open(source) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(height, picture.height)))
        top.quantize(96, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main()
