"""A restore that is cut at any call is done or not, loses nothing, and may be asked for again."""

from contextlib import suppress

import pytest

from chalicelib.core.iam import same_policy
from tests.crash.cut import Cut, Killed, OutOfNowhere
from tests.crash.ends import lost
from tests.crash.outside import Outside
from tests.crash.playing import cuts
from tests.crash.scenarios import OTHERS, asked
from tests.crash.stores import STATES
from tests.proofs import count


def _wiped(outside: Outside) -> None:
    """Somebody wiped a policy that is number 1 of the history, and Stocktake made a first one."""
    outside.buckets.write("reports", OTHERS)
    outside.process().configure.put(asked(), outside.process().turn())
    outside.buckets.write("reports", None)
    outside.process().configure.put(asked(), outside.process().turn())


def _restore(outside: Outside, cut: Cut) -> None:
    process = outside.process(cut)
    process.restore.restore("data", "daily", 1, process.turn(60), overwrite=True)


@pytest.mark.parametrize("state", STATES)
def test_a_restore_cut_at_any_call_is_done_or_not_and_may_be_repeated(state: str) -> None:
    with STATES[state]() as open_state:
        outside = Outside(open_state)
        _wiped(outside)
        before, uncut = outside.buckets.latest_policy("reports"), Cut()
        _restore(outside, uncut)
        whole = outside.buckets.latest_policy("reports")
    assert not same_policy(before, whole)

    found = cuts(uncut.calls, state)
    for cut in found:
        where = f"{cut.way} call {cut.at}, {uncut.calls[cut.at or 0]}"
        with STATES[state]() as open_state:
            outside = Outside(open_state)
            _wiped(outside)
            with suppress(Killed, OutOfNowhere):
                _restore(outside, cut)
            assert outside.buckets.latest_policy("reports") in (before, whole), where
            outside.clock.move(61)  # the leases of the dead run out
            _restore(outside, Cut())
            assert outside.buckets.latest_policy("reports") == whole, where
            outside.go_on()
            assert outside.buckets.latest_policy("reports") == whole, where
            assert lost(outside) == [], where
            record = outside.process().store.get("data", "daily")
            assert record is not None
            assert (record.state, record.drift.status) == ("applied", "in_sync"), where
    count("calls at which a flow was cut", len(found))
