"""A plan as people read it: whole, in order, and fit to be shown whatever others wrote."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.inventory import Inventory
from chalicelib.core.plan import BucketSeen, Observed, Placed, plan_removal
from chalicelib.core.preview import OBSERVED_ONLY, Preview
from chalicelib.templates.plan_text import plan_text
from tests.policies_of_others import policies
from tests.unit.observed import BARE, GONE, LOCKED, OF_OTHERS, decide, placed_by, seen
from tests.unit.wanted import ANN, ORG, OURS, REPORTS, SOURCE, allow, deny, inventory, merged, policy

ASKED = inventory()
DATA = Path(__file__).parents[1] / "data"


def text_of(asked: Inventory, observed: Observed, **more: Any) -> str:
    return plan_text(Preview(asked, decide(asked, observed, **more), observed=observed), OURS)


def test_a_plan_tells_each_step_with_its_reason_and_what_comes_of_it() -> None:
    weekly = inventory(frequency="Weekly").configuration.s3_document()
    text = text_of(ASKED, seen(ASKED, target=OF_OTHERS, configuration=weekly))
    assert text == (DATA / "plan.txt").read_text(encoding="utf-8")


def test_where_all_is_as_asked_there_is_nothing_to_do() -> None:
    assert text_of(ASKED, seen(ASKED)).endswith("The platform is as it was asked for.\nNothing to do.\n")


def test_what_was_never_set_up_is_told_otherwise_than_what_is_gone() -> None:
    new, gone = "It is not set up yet.\n", "Something that was asked for is not on the platform.\n"
    text = text_of(ASKED, seen(ASKED, target=OF_OTHERS, configuration=None))
    assert new in text
    assert gone not in text
    text = text_of(ASKED, seen(ASKED, configuration=None))
    assert gone in text
    assert new not in text


def test_what_stands_in_the_way_and_what_to_read_first_come_before_the_steps() -> None:
    closed = BucketSeen(exists=True, policy=policy(allow(), deny()))
    text = text_of(ASKED, seen(ASKED, OF_OTHERS, closed, configuration=None))
    way, steps = text.index("What stands in the way"), text.index("Would be done if nothing stood in the way")
    assert way < text.index('  ! The Deny statement "Closed" of reports forbids') < steps
    text = text_of(ASKED, seen(ASKED, target=BARE, configuration=None))
    assert (
        text.index("Read this first:") < text.index("  ! reports has no policy yet.") < text.index("To do:")
    )
    assert "cannot be read" in text_of(ASKED, seen(ASKED, target=LOCKED))


def test_who_loses_access_to_a_bucket_that_is_restricted_is_told() -> None:
    asked = inventory(first_policy="restrict", create_zone="US-EAST-04A")
    text = text_of(asked, seen(asked, target=GONE, configuration=None))
    assert "1. CreateBucket: create the bucket reports in US-EAST-04A" in text
    assert "   There is no policy yet. Its statements:\n" in text
    assert "     everybody else of the organization\n       s3:*\n" in text


def test_a_changed_statement_shows_what_of_it_changes() -> None:
    weaker = merged(policy(allow())).after or ""
    weaker = weaker.replace('["s3:ListBucket","s3:GetObject"]', '["s3:ListBucket"]')
    text = text_of(ASKED, seen(ASKED, target=BucketSeen(exists=True, policy=weaker)))
    assert '     ~ "StocktakeReadf071d8b37e"\n         "Sid": "StocktakeReadf071d8b37e"\n' in text
    assert (
        '     -   "Action": ["s3:ListBucket"]\n     +   "Action": ["s3:ListBucket", "s3:GetObject"]\n' in text
    )


def test_a_removal_tells_what_goes() -> None:
    observed = seen(ASKED, target=BucketSeen(exists=True, policy=merged(None).after))
    found = plan_removal(ASKED, observed, placed=placed_by(ASKED), needed_elsewhere=frozenset[Placed]())
    text = plan_text(Preview(ASKED, found, removing=True, observed=observed), OURS)
    assert "It is to be taken away." in text
    assert (
        "1. DeleteBucketInventoryConfiguration: delete the inventory configuration daily of documents" in text
    )
    assert "2. DeleteBucketPolicy: delete the policy of reports" in text
    assert '     -   "Sid": "StocktakePreserveOrganization"' in text
    assert "Who loses access:\n     the inventory service" in text


def test_where_nobody_can_say_the_reason_is_told() -> None:
    text = plan_text(Preview(ASKED, reason="GetBucketPolicy on reports: SlowDown"), OURS)
    assert (
        "Nobody can say whether the platform is as it was asked for.\nGetBucketPolicy on reports: SlowDown.\n"
        in text
    )
    assert "Nothing to do" not in text


def test_of_an_inventory_that_is_only_observed_it_is_told_that_nothing_is_done() -> None:
    asked = inventory(management="observe")
    observed = seen(asked, target=OF_OTHERS, configuration=None)
    text = plan_text(Preview(asked, decide(asked, observed), OBSERVED_ONLY, observed=observed), OURS)
    assert OBSERVED_ONLY in text
    assert "What differs:\n  /configuration\n" in text
    assert "To do" not in text


def shown_whole(text: str) -> bool:
    """Whether a terminal shows all of it: no controls, nothing that is not seen or turns lines round."""
    return all(each == "\n" or each.isprintable() or unicodedata.category(each) == "Zs" for each in text)


@given(st.text() | st.text(alphabet="\u202e\x1b[2J\r\n\x00\ud800"))
def test_whatever_others_wrote_is_shown_on_one_line_each(hostile: str) -> None:
    theirs = allow(Sid=hostile, Resource=[hostile], Condition={hostile: {hostile: hostile}})
    there = {**ASKED.configuration.s3_document(), "Schedule": {hostile: hostile}}
    observed = seen(ASKED, target=BucketSeen(exists=True, policy=policy(theirs)), configuration=there)
    text = text_of(ASKED, observed)
    assert shown_whole(text)
    expected = len(text_of(ASKED, seen(ASKED, target=OF_OTHERS, configuration=there)).splitlines())
    assert abs(len(text.splitlines()) - expected) <= 2


@given(policies(REPORTS, [ANN], ORG))
def test_any_policy_can_be_shown(theirs: str) -> None:
    observed = seen(ASKED, target=BucketSeen(exists=True, policy=theirs), configuration=None)
    assert shown_whole(text_of(ASKED, observed))


@pytest.mark.parametrize("many", [1, 60])
def test_a_text_is_bounded(many: int) -> None:
    huge = [
        allow({"CW": f"arn:{at}" * 80}, Sid=f"S{at}", Action=[f"s3:{'x' * 90}{at}"] * 5) for at in range(many)
    ]
    left = seen(ASKED, target=BucketSeen(exists=True, policy=policy(*huge)), configuration=None)
    found = plan_removal(ASKED, left, placed=(Placed(REPORTS, "S0"),), needed_elsewhere=frozenset[Placed]())
    assert len(plan_text(Preview(ASKED, found, removing=True, observed=left), OURS)) < 20_000
    assert len(text_of(ASKED, left)) < 20_000
    assert SOURCE in text_of(ASKED, left)
