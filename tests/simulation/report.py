"""What many worlds came to, as lines to print."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.runs import Outcome

MOST_STORIES = 10


def lines(total: Outcome) -> Iterator[str]:
    """Yield the table: how much was played, which faults came, which rules were looked at, what broke."""
    yield f"worlds: {total.n_worlds}"
    yield f"conversations: {total.n_conversations:,}"
    yield from (f"  {name}: {n:,}" for name, n in sorted(total.ways.items()))
    yield f"texts in: {total.n_texts_in:,}"
    yield f"texts accepted by the provider: {total.n_texts_out:,}"
    speed = total.n_conversations / total.seconds
    yield f"processor seconds: {total.seconds:.0f} ({speed:.0f} conversations a second)"
    yield f"faults injected: {sum(n for name, n in total.faults.items() if not name.startswith('code ')):,}"
    yield from (f"  {name}: {n:,}" for name, n in sorted(total.faults.items()))
    yield f"rules: {len(total.counts)}, looked at {sum(total.counts.values()):,} times"
    yield from (f"  {name}: {n:,}" for name, n in sorted(total.counts.items()))
    yield f"violations: {len(total.violations)}"
    yield from total.violations[:MOST_STORIES]
