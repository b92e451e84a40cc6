"""Ratios of the product to a reference app and to a bare insert, taken in turns, with their targets."""

from __future__ import annotations

import gzip
import re
import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import audits, charts, journeys, live, nights, posts, reading, writers
from bench.durable_postgresql import durable_postgresql
from bench.servers import Server, free_port, served
from bench.visitors import Load, Visitor, percentile
from bench.world import World, make_world
from survey_app.ask.outreach import invitations

ROUNDS = 5
ROUNDS_OF_LOADS = 3
TARGETS = {
    "web_journey_cpu_ratio": "<= 1.5",
    "durable_post_ratio": ">= 0.7",
    "durable_post_p99_ratio": "<= 2",
    "first_page_kb": "<= 14",
    "first_page_requests": "<= 3",
    "first_page_scripts": "<= 1",
    "webhook_ratio": ">= 0.45",
    "sqlite_ack_p99_ms_8_writers": "<= 10",
    "closing_answer_to_page_p95_s": "<= 2",
    "closing_answer_to_picture_p95_s": "<= 2",
    "dashboard_11_charts_ratio": "<= 6",
    "dashboard_11_charts_kb": "<= 60",
    "night_s": "< 20 for settling, closing, releasing and auditing",
    "night_ratio": "<= 5",
    "night_growth": "<= 1.3",
    "audit_s": "<= 3.5",
    "audit_kept": "about 0.8",
    "replies_a_second": ">= 2000",
}


def main() -> None:
    """Measure and print everything; the whole takes less than five minutes."""
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        say("replies_a_second", reading.replies_a_second(), note="eight languages")
        _with_sqlite(folder)
        say("sqlite_ack_p99_ms_8_writers", writers.p99_ms(folder / "writers"))
        _live(folder / "live")
        _nights(folder)
        with durable_postgresql() as url:
            if url is None:
                print("# PostgreSQL was not measured: no server binaries on this machine")
            else:
                _with_postgresql(folder / "postgresql", url)


def _nights(folder: Path) -> None:
    parts, counted = nights.a_large_night(folder / "night")
    released = sum(seconds for name, seconds in parts.items() if name not in {"series", "store"})
    n_answers = 200 * nights.REPLIES * 20
    say("night_s", released, note=f"200 localities x 42 measures, {n_answers:,} answers")
    say("night_release_s", parts["release"])
    say("night_series_s", parts["series"] + parts["store"], note="8,900 series")
    say("night_ratio", released / counted, note=f"over one GROUP BY of the same answers, {counted:.2f} s")
    grown = nights.growth(folder / "growth")
    say("night_growth", grown["counting"], note="60 weeks of history over 6; 10 localities")
    say("night_growth_series", grown["series"], note="a chart shows all its weeks")
    small = audits.small_numbers()
    say("audit_s", small.seconds, note=f"{small.candidates:,} candidates")
    say("audit_kept", small.kept)
    say("audit_quarter_s_an_item", audits.quarter().seconds, note="200 localities, 2,600 blocks")


def say(name: str, value: float, *, note: str = "") -> None:
    """Print one line: what, how much, and what is wanted."""
    stem = name.removesuffix("_postgresql")
    wanted = f"  # target {TARGETS[stem]}" if stem in TARGETS else ""
    print(f"{name}: {value:.3g}{wanted}{f' ({note})' if note else ''}", flush=True)


def _with_sqlite(folder: Path) -> None:
    n_links = ROUNDS * journeys.A_ROUND + ROUNDS_OF_LOADS * posts.LINKS_A_ROUND + 40
    url = f"sqlite:///{folder / 'product' / 'survey.db'}"
    world = make_world(
        folder / "product", url, n_links=n_links, n_phones=ROUNDS_OF_LOADS * posts.PHONES_A_ROUND + 40
    )
    with ExitStack() as running:
        product = running.enter_context(served("bench.product_app", world.surroundings))
        reference_url = f"sqlite:///{folder / 'reference.db'}"
        reference = running.enter_context(served("bench.reference_app", {"REFERENCE_URL": reference_url}))
        bare = running.enter_context(served("bench.bare_app", {"BARE_URL": url}))
        _first_page(product, world.tokens[0])
        _first_pages(product, world)
        _journeys(product, reference, world)
        _posts(product, bare, world, "")
        _webhooks(product, bare, world, "")


def _with_postgresql(folder: Path, url: str) -> None:
    n_links = ROUNDS_OF_LOADS * posts.LINKS_A_ROUND + 40
    world = make_world(folder, url, n_links=n_links, n_phones=ROUNDS_OF_LOADS * posts.PHONES_A_ROUND + 40)
    with ExitStack() as running:
        product = running.enter_context(served("bench.product_app", world.surroundings))
        bare_url = str(url).replace("postgresql://", "postgresql+psycopg://")
        bare = running.enter_context(served("bench.bare_app", {"BARE_URL": bare_url}))
        _posts(product, bare, world, "_postgresql")
        _webhooks(product, bare, world, "_postgresql")


def _live(folder: Path) -> None:
    port = free_port()
    world = live.make_live_world(folder, port)
    delays = live.delays(world, port)
    note = f"median {statistics.median(delays.words):.2f}, {live.WATCHERS} open pages, {live.CLOSINGS} blocks"
    say("closing_answer_to_page_p95_s", percentile(delays.words, 0.95), note=note)
    note = f"median {statistics.median(delays.picture):.2f}"
    say("closing_answer_to_picture_p95_s", percentile(delays.picture, 0.95), note=note)
    with ExitStack() as running:
        product = running.enter_context(served("bench.product_app", world.surroundings))
        bare_url = {"BARE_URL": f"sqlite:///{folder / 'bare.db'}"}
        bare = running.enter_context(served("bench.bare_app", bare_url))
        cookie = live.signed_in(product.port)
        page = charts.chart_page(product, bare, world, cookie)
        others = charts.warm_pages(product, world, cookie)
    note = f"{page.milliseconds:.1f} ms CPU, {page.n_charts} charts, {page.n_queries} queries"
    say("dashboard_11_charts_ratio", page.ratio, note=note)
    say("dashboard_11_charts_kb", page.kilobytes, note="page, styles and script, gzip")
    for name, (milliseconds, n_queries) in others.items():
        say(f"page_{name}_ms", milliseconds, note=f"CPU, warm, {n_queries} queries")


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first question as it comes over the wire, headers included and compressed, and what it asks for."""

    text: str
    html: int
    files: int
    n_files: int

    @property
    def kilobytes(self) -> float:
        return (self.html + self.files) / 1024


def _fetched(product: Server, token: str) -> FirstPage:
    visitor = Visitor(product.port)
    page = visitor.get(f"/s/{token}/1")
    text = page.body.decode()
    addresses = [
        address
        for address in re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', text)
        if not address.startswith("data:")
    ]
    # A proxy in front compresses pages; files are served compressed as they lie.
    html = page.wire_bytes - len(page.body) + len(gzip.compress(page.body))
    files = sum(visitor.get(address, Accept_Encoding="gzip").wire_bytes for address in addresses)
    visitor.close()
    return FirstPage(text, html, files, len(addresses))


def _first_page(product: Server, token: str) -> None:
    page = _fetched(product, token)
    say("first_page_kb", page.kilobytes, note="headers included, gzip; brotli is smaller")
    say("first_page_html_kb", page.html / 1024)
    say("first_page_files_kb", page.files / 1024, note="style sheet and deferred script")
    say("first_page_requests", 1 + page.n_files)
    say("first_page_scripts", page.text.count("<script"))


def _first_pages(product: Server, world: World) -> None:
    """Ask for the first question in each language the pulse is translated into, and in English again."""
    runtime, token = world.runtime, world.tokens[0]
    for language in reversed(runtime.library.latest("pulse-user-6").languages):
        with runtime.database.writing() as session:
            invitation = invitations.find(session, runtime.keys, token)
            assert invitation is not None
            invitations.speak(session, invitation.id, language)
        page = _fetched(product, token)
        assert f'lang="{language}"' in page.text
        say(f"first_page_{language}_kb", page.kilobytes, note="target <= 14")


def _journeys(product: Server, reference: Server, world: World) -> None:
    tokens = iter(world.tokens[1:])
    journeys.product(product, [next(tokens) for _ in range(5)])  # fills caches, as a running server has them
    journeys.reference(reference, 5)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(journeys.reference(reference, journeys.A_ROUND))
        ours.append(journeys.product(product, [next(tokens) for _ in range(journeys.A_ROUND)]))
    say("web_journey_cpu_ratio", _median_ratio(ours, theirs))
    say("web_journey_cpu_ms", statistics.median(ours), note="6 items, 14 requests")
    say("reference_journey_cpu_ms", statistics.median(theirs))


def _posts(product: Server, bare: Server, world: World, suffix: str) -> None:
    tokens = world.tokens[-ROUNDS_OF_LOADS * posts.LINKS_A_ROUND - 8 :]
    posts.answers(product, world, tokens[:8])
    posts.bare(bare, 100)
    ours, theirs = [], []
    for number in range(ROUNDS_OF_LOADS):
        theirs.append(posts.bare(bare, posts.LINKS_A_ROUND * posts.ITEMS))
        start = 8 + number * posts.LINKS_A_ROUND
        ours.append(posts.answers(product, world, tokens[start : start + posts.LINKS_A_ROUND]))
    _say_loads("durable_post", ours, theirs, suffix)


def _webhooks(product: Server, bare: Server, world: World, suffix: str) -> None:
    phones = world.phones
    posts.webhooks(product, world, phones[:8])
    ours, theirs = [], []
    for number in range(ROUNDS_OF_LOADS):
        theirs.append(posts.bare_texts(bare))
        start = 8 + number * posts.PHONES_A_ROUND
        ours.append(posts.webhooks(product, world, phones[start : start + posts.PHONES_A_ROUND]))
    _say_loads("webhook", ours, theirs, suffix)


def _say_loads(name: str, ours: list[Load], theirs: list[Load], suffix: str) -> None:
    ratio = _median_ratio([load.per_second for load in ours], [load.per_second for load in theirs])
    p99 = _median_ratio([load.p99_ms for load in ours], [load.p99_ms for load in theirs])
    per_second, bare = (statistics.median(load.per_second for load in loads) for loads in (ours, theirs))
    say(f"{name}_ratio{suffix}", ratio, note=f"{per_second:.0f} a second over {bare:.0f}, 8 clients")
    say(f"{name}_p99_ratio{suffix}", p99, note=f"{statistics.median(load.p99_ms for load in ours):.1f} ms")


def _median_ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))
