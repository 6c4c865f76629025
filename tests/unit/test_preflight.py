"""What a preflight says, as a function of what was seen: a table for each check, a row for each verdict."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.preflight import CHECKS, preflight
from chalicelib.core.preflight_facts import Came, Facts
from tests.unit.preflight_facts import CALLS, check, facts, policy, without
from tests.unit.preflight_table import ORGANIZATION, SERVICE, TABLE, asked, to


@pytest.mark.parametrize(("name", "known", "status", "words"), TABLE, ids=range(len(TABLE)))
def test_a_verdict(name: str, known: Facts, status: str, words: str) -> None:
    found = check(name, known)
    assert (found.status, words in f"{found.seen} {found.mend}") == (status, True), found


def test_every_check_has_every_verdict_that_it_can_come_to() -> None:
    told = {(name, status) for name, _, status, _ in TABLE}
    assert {name for name, _ in told} == set(CHECKS)
    assert len(told) > 35


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["allowed", "missing", "refused", "away", "untried"]),
            st.sampled_from(["AccessDenied", "SlowDown", "InvalidAccessKeyId", "NoSuchBucket", ""]),
        ),
        min_size=len(CALLS),
        max_size=len(CALLS),
    ),
    st.sampled_from([None, policy(ORGANIZATION), policy(SERVICE), policy(), "<html>", '{"Statement": 5}']),
    st.sampled_from([asked(), asked(management="observe"), to("data"), asked(create_zone="A")]),
)
def test_whatever_came_of_the_calls_every_check_says_something(
    came: list[tuple[Came, str]], text: str | None, wanted: Any
) -> None:
    known = facts(wanted, dict(zip(CALLS, came, strict=True)), policies={"data": text, "reports": text})
    known = without(known, dict(zip(CALLS, came, strict=True)))

    judgement = preflight(known)

    assert tuple(each.name for each in judgement.checks) == CHECKS
    assert [each for each in judgement.checks if not each.seen.endswith(".")] == []
    assert all(each.mend for each in judgement.checks if each.status == "failed")
    failed = any(each.status == "failed" for each in judgement.checks)
    assert not (judgement.ready and failed)
    answered = any(how in ("allowed", "missing", "refused") for how, _ in came)
    assert answered or not judgement.ready
