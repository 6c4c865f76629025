"""The notices about what a report says: those of lines that were crossed, and the figures of a landed one.

In come contents that were summed up, and notices that wait for them; out go notices.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.core.contents import Contents
from chalicelib.core.crossing import Crossings
from chalicelib.core.headline import threshold_facts
from chalicelib.core.notice import Notice, notices
from chalicelib.core.record import Record

AWAITED = "summary_awaited"
"""The fact that a notice waits for its summary."""


def threshold_notices(
    record: Record, contents: Contents, found: Crossings, now: datetime
) -> tuple[Notice, ...]:
    """What this report crossed, or is back within: one notice a report, none where it is neither."""
    if not found.crossed and not found.back:
        return ()
    facts = threshold_facts(contents, found)
    return notices("report.threshold", record.inventory, contents.subject.report_id, facts, now)


def with_summary(notice: Notice, headline: Mapping[str, Any]) -> Notice:
    """The notice of a landed report with what it says, to be sent at once. It is the same one by its id."""
    facts = {name: fact for name, fact in notice.facts.items() if name != AWAITED}
    return replace(notice, facts={**facts, "summary": dict(headline)}, not_before=None)
