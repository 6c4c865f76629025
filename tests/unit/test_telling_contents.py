"""What a report says is told once: with the notice that it landed, and of lines in a notice of their own."""

from datetime import timedelta

from chalicelib.core.crossing import Crossings, crossings
from chalicelib.core.headline import threshold_facts
from chalicelib.core.notice import Notice
from chalicelib.core.points import point
from chalicelib.core.telling_contents import threshold_notices, with_summary
from chalicelib.core.threshold import Threshold
from tests.contents import PRICES, contents
from tests.samples import NOON, inventory, notice, record
from tests.summaries import Row

CONTENTS = contents([Row("a", 500)])


def crossed(over: float) -> Crossings:
    """What the contents cross."""
    return crossings([Threshold("bytes", over=over)], [point(CONTENTS)], PRICES)


def test_a_crossed_line_is_told_on_every_channel_that_wants_it() -> None:
    wanted = record(inventory(notify=("one", "two")))

    found = threshold_notices(wanted, CONTENTS, crossed(100), NOON)

    assert [(each.kind, each.channel, each.created_at) for each in found] == [
        ("report.threshold", "one", NOON),
        ("report.threshold", "two", NOON),
    ]
    assert found[0].facts == threshold_facts(CONTENTS, crossed(100))
    assert (found[0].bucket, found[0].inventory_id) == ("data", "daily")


def test_nothing_crossed_is_nothing_to_tell() -> None:
    assert threshold_notices(record(), CONTENTS, crossed(1_000), NOON) == ()


def test_it_is_the_same_notice_whoever_makes_it_and_when() -> None:
    def ids(found: tuple[Notice, ...]) -> list[str]:
        return [each.id for each in found]

    now, later = NOON, NOON + timedelta(hours=1)
    again = threshold_notices(record(), CONTENTS, crossed(200), later)
    other = threshold_notices(record(), contents([Row("a", 500)], number=2), crossed(100), now)

    assert ids(threshold_notices(record(), CONTENTS, crossed(100), now)) == ids(again)
    assert not set(ids(other)) & set(ids(again))


def test_a_notice_with_its_summary_waits_no_more_and_is_the_same_otherwise() -> None:
    until = NOON + timedelta(minutes=10)
    held = notice(
        facts={"report": "0123456789abcdef", "files": 1, "summary_awaited": True},
        not_before=until,
        held_until=until,
    )

    found = with_summary(held, {"objects": 3})

    assert found == notice(
        facts={"report": "0123456789abcdef", "files": 1, "summary": {"objects": 3}}, held_until=until
    )
    assert held.facts["summary_awaited"]
