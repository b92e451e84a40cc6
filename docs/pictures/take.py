"""Walks through a running demo in a browser and keeps a picture of every page, on a phone and wide."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from camera import WIDTHS, Camera
from empty import nobody_yet, set_up
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from states import STATES
from walk import Walk

from survey_app.app import create_app
from survey_app.bootstrap import bootstrap
from survey_app.settings import load_settings

KEPT = Path(__file__).parent
ALL = KEPT.parent.parent / "build" / "pictures"
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
FOR_README = {
    "model-wide": 1500,
    "question-phone": 740,
    "texts-phone": 900,
    "series-wide": 1070,
}
"""The few pictures that are committed, and how many pixels from the top each shows at most."""
SLOWER_THAN_A_SCANNER = 1_600  # milliseconds

ROLES = ("lead", "officer", "administrator", "responder", "analyst", "team-leader", "auditor")
PUBLIC = ("/", "/sign-in", "/sign-in/reset", "/q", "/you-said", "/help")
IN_README = {
    "model": "/dashboard/model",
    "series": "/dashboard/series/ex.say.mean/quayside",
}


def main() -> None:
    """Take every picture of a demo, shrink the few that are committed, and name the pages without one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("base", nargs="?", default="http://127.0.0.1:8000", help="where the demo runs")
    asked.add_argument("--data-dir", type=Path, default=Path(".data"), help="holds the demo's password")
    given = asked.parse_args()
    password = (given.data_dir / "demo-password").read_text(encoding="utf-8").strip()
    shutil.rmtree(ALL, ignore_errors=True)
    ALL.mkdir(parents=True)
    runtime = bootstrap(
        load_settings({"SURVEY_DATA_DIR": str(given.data_dir), "SURVEY_PUBLIC_BASE_URL": given.base})
    )
    walk = Walk(create_app(runtime))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=QUIET, env=os.environ | {"LANGUAGE": "en_GB"}
        )
        cameras = [Camera(chromium, given.base, shape, ALL) for shape in WIDTHS]
        of_every_page(cameras, walk, password)
        for camera in cameras:
            of_states(camera, password)
            of_a_conversation(camera)
            of_a_survey(camera)
            of_an_alert(camera, password)
            of_nobody_yet(camera, walk)
        chromium.close()
    for name, height in FOR_README.items():
        shrink(ALL / f"{name}.png", KEPT / f"{name}.png", height)
    print(f"{len(list(ALL.iterdir()))} pictures in {ALL}")
    for rule in walk.missing():
        print(f"no picture by a link of a page: {rule}")


def of_every_page(cameras: list[Camera], walk: Walk, password: str) -> None:
    """Take each page of the route map once, in the first role whose links lead to it."""
    with ExitStack() as stack:
        pages = {camera: stack.enter_context(camera.page()) for camera in cameras}
        of_what_is_found(pages, walk, PUBLIC)
    for role in ROLES:
        with ExitStack() as stack:
            email = f"{role}@demo.example"
            pages = {camera: stack.enter_context(camera.signed_in(email, password)) for camera in cameras}
            home = urlsplit(next(iter(pages.values())).url).path
            for camera, page in pages.items():
                camera.take(page, f"home-{role}")
                if page.locator(".menu__turn").is_visible():
                    page.locator(".menu__turn summary").click()
                    camera.take(page, f"menu-{role}")
                if role == "lead":
                    camera.visit(page, IN_README)
            of_what_is_found(pages, walk, (home, "/account"))


def of_what_is_found(
    pages: dict[Camera, Page], walk: Walk, starts: tuple[str, ...], before: str = ""
) -> None:
    """Take what the links of some pages lead to."""
    for name, address in walk.pages(next(iter(pages.values())).context.request, starts):
        for camera, page in pages.items():
            page.goto(address)
            camera.take(page, before + name)


def of_states(camera: Camera, password: str) -> None:
    """Take pages as they answer to forms."""
    for who in dict.fromkeys(state.who for state in STATES):
        window = camera.signed_in(f"{who}@demo.example", password) if who else camera.page()
        with window as page:
            for state in (one for one in STATES if one.who == who):
                state.reach(page, password)
                camera.take(page, state.name)


def of_an_alert(camera: Camera, password: str) -> None:
    """Take an alert that waits, and one that somebody has taken on."""
    with camera.page() as page:
        text(page, unused_phone(page), "I want to end my life")
    with camera.signed_in("responder@demo.example", password) as page:
        camera.take(page, "alert-waits")
        page.locator("main button", has_text="I am taking this on").first.click()
        camera.take(page, "alert-taken-on")


def of_nobody_yet(camera: Camera, walk: Walk) -> None:
    """Take the set-up of an empty installation, and every page that has nothing to show yet."""
    with nobody_yet() as address:
        bare = replace(camera, base=address.partition("/set-up")[0])
        with bare.page() as page:
            page.goto(address)
            bare.take(page, "set-up")
            page.locator("main button").first.click()
            bare.take(page, "set-up-error")
            set_up(page)
            found = Walk(walk.app, known={one for one in walk.known if one.startswith("/help")})
            of_what_is_found(
                {bare: page}, found, ("/set-up", "/set-up/messages", "/dashboard", "/account"), "empty-"
            )
            walk.taken.update(found.taken)


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
        while not page.url.endswith("/done"):
            at = page.url
            page.locator(".nhsuk-radios__label").nth(1).click()
            page.get_by_role("button", name="Continue").click()
            page.wait_for_function("at => location.href !== at", arg=at)
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
