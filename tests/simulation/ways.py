"""Which ways conversations went: by one channel from the first answer to the last, or handed over."""

from __future__ import annotations

from collections import Counter, defaultdict

from survey_app.hear.responses.tables import Channel
from tests.simulation.ledger import Ledger
from tests.simulation.story import Rang


def ways_of(ledger: Ledger) -> Counter[str]:
    """Count conversations by how they were answered."""
    used: dict[int, list[Channel]] = defaultdict(list)
    for row, submission in ledger.history:
        invitation_id = int(ledger.responses[row.response_id].origin.split(":")[1])
        if submission.channel not in used[invitation_id]:
            used[invitation_id].append(submission.channel)
    ways: Counter[str] = Counter()
    for conversation in ledger.conversations:
        channels = used.get(conversation.invitation_id, [])
        if len(channels) > 1:
            ways["handed over"] += 1
            ways[f"handed over, {' to '.join(channels)}"] += 1
        else:
            ways[f"by {channels[0]} alone" if channels else "without an answer"] += 1
    for rang in ledger.story.of(Rang):
        ways["calls to us" if rang.inbound else f"calls, {rang.outcome}"] += 1
    return ways
