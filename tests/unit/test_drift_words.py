"""What is said about repairs, about other writers, and about what nobody asked for."""

from chalicelib.templates.words import words
from tests.notices import notice
from tests.unit.test_words import fact


def test_what_keeps_changing_is_named_with_what_came_back_each_time() -> None:
    said = words(notice("drift.contested"))
    assert fact(said, "Keeps changing") == '/configuration/Schedule/Frequency ("Weekly" each time)'
    assert fact(said, "Put back") == "2026-03-01 09:01 UTC, 2026-03-01 10:01 UTC, 2026-03-01 11:01 UTC"
    assert "3 times within a day" in said.meaning
    assert '"on_drift": "notify"' in said.next_step


def test_where_it_is_another_thing_each_time_all_that_differs_is_named() -> None:
    rounds = [{"at": None, "paths": [f"/{each}"], "found": ["null", 1]} for each in range(3)]
    said = words(notice("drift.contested", rounds=[*rounds, 1, {}]))
    assert str(fact(said, "Keeps changing")).startswith("/configuration/Schedule/Frequency, /policies/")


def test_what_was_not_all_taken_is_said_not_to_have_been_put_back() -> None:
    rounds: list[dict[str, object]] = [{"at": None}, {"reason": "AccessDenied"}, {"reason": 7}]
    said = words(notice("drift.contested", rounds=rounds))
    assert "Stocktake put it back" not in said.meaning
    assert "began 3 times within a day" in said.meaning
    assert "AccessDenied." in said.meaning


def test_the_last_round_says_that_it_is_the_last() -> None:
    assert "the next change is left as it is" in words(notice("drift.repaired", rounds=3)).meaning
    assert "the next change" not in words(notice("drift.repaired", rounds=2)).meaning
    assert "told before is over" in words(notice("drift.repaired", told=True)).meaning


def test_an_unmanaged_configuration_can_be_adopted_unless_its_id_forbids_it() -> None:
    said = words(notice("drift.unmanaged"))
    assert said.call == "POST /inventories/production-data/daily-all/adopt"
    assert fact(said, "Writes to") == "s3://analytics/inventory/"
    odd = words(notice("drift.unmanaged", configuration="a b\u202e"))
    assert r"production-data / a b\u202e" in odd.title
    assert odd.call == "GET /inventories/production-data/daily-all"


def test_a_repair_that_is_not_finished_is_told_as_one() -> None:
    said = words(notice("setup.failed", repair=True))
    assert said.title == "Inventory setup is not put back yet: production-data / daily-all"
    assert "nothing has to be asked for again" in said.next_step
