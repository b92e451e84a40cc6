"""A browser at one width, and where its pictures go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

WIDTHS = {"phone": 360, "wide": 1280}
HEIGHTS = {"phone": 740, "wide": 800}


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

    @contextmanager
    def signed_in(self, email: str, password: str) -> Iterator[Page]:
        """Open a new window of somebody who has signed in."""
        with self.page() as page:
            page.goto("/sign-in")
            page.fill("input[name=email]", email)
            page.fill("input[name=password]", password)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("button", name="Sign out").wait_for()
            yield page

    def take(self, page: Page, name: str) -> None:
        """Keep the whole page as it stands, and say where it is wider than its window."""
        page.screenshot(path=self.folder / f"{name}-{self.shape}.png", full_page=True)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > WIDTHS[self.shape]:
            print(f"{name}-{self.shape}: {wide} pixels wide, and scrolls sideways")

    def visit(self, page: Page, pages: dict[str, str]) -> None:
        """Open pages and keep them."""
        for name, address in pages.items():
            page.goto(address)
            self.take(page, name)
