"""What notices say: each kind in plain words, whatever facts are missing, whatever names hold."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind
from chalicelib.core.report import bounded
from chalicelib.templates.amounts import duration, size
from chalicelib.templates.columns import lines
from chalicelib.templates.hostile import shown
from chalicelib.templates.words import Words, words
from local.sample_notices import samples
from tests.notices import FACTS, about, notice

KINDS: tuple[Kind, ...] = get_args(Kind)
ABOUT_INVENTORIES = [each for each in KINDS if not each.startswith("channel.")]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)


def fact(said: Words, label: str) -> str | None:
    return next((each.value for each in said.facts if each.label == label), None)


def texts(said: Words) -> list[str]:
    labelled = (*said.headline.lines, *said.facts)
    values = [value for each in labelled for value in (each.label, each.value)]
    values += [text for each in said.headline.tables for text in (each.title, *lines(each))]
    return [said.title, said.meaning, said.next_step, said.call or "", said.footer, *said.details, *values]


@pytest.mark.parametrize("kind", ABOUT_INVENTORIES)
def test_every_kind_says_what_happened_to_which_inventory_and_what_to_do(kind: Kind) -> None:
    said = words(notice(kind))
    assert "production-data / daily-all" in said.title
    assert said.meaning.endswith(".")
    assert said.next_step.endswith(":")
    assert said.call is not None
    assert "/inventories/production-data/daily-all" in said.call
    assert said.footer == f"{kind} · {notice(kind).short_id}"


def test_a_channel_that_does_not_work_is_named_with_what_it_did_not_take() -> None:
    said = words(notice("channel.disabled"))
    assert said.title == "Notices do not arrive on storage-team: production-data / daily-all"
    assert said.call == "GET /notices?state=given_up&channel=storage-team"
    assert said.footer == f"channel.disabled · {notice('channel.disabled').short_id}"
    assert "for good" in said.meaning
    one = words(notice("channel.disabled", disabled=False))
    assert "for good" not in one.meaning
    assert "secrets document" not in one.next_step


def test_a_test_of_a_channel_says_that_it_is_one_and_who_asked() -> None:
    said = words(notice("channel.test"))
    assert (said.title, fact(said, "Channel")) == ("A test of this channel", "storage-team")
    assert said.meaning.startswith("ops asked")


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("report.overdue", "Still no inventory report for production-data / daily-all"),
        ("report.incomplete", "Inventory report still incomplete: production-data / daily-all"),
        ("report.corrupt", "Inventory report still corrupt: production-data / daily-all"),
        ("drift.found", "Inventory setup still differs: production-data / daily-all"),
        ("drift.unknown", "Inventory reports still cannot be looked for: production-data / daily-all"),
    ],
)
def test_a_reminder_says_that_it_is_one(kind: Kind, title: str) -> None:
    said = words(notice(kind, reminder=3))
    assert (said.title, fact(said, "Reminder")) == (title, "number 3")
    assert fact(words(notice(kind, reminder=0)), "Reminder") is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_told_without_any_facts(kind: Kind) -> None:
    said = words(about("production-data", "daily-all", kind, {}))
    assert said.title
    assert "None" not in " ".join(texts(said))


FIGURES: dict[Kind, str] = {
    "report.incomplete": "1 part missing",
    "report.corrupt": "2 things wrong",
    "report.overdue": "1 h 30 min overdue",
    "report.recovered": "2 reports missed",
    "report.threshold": "Stored 1.2 TiB, over 931.3 GiB",
    "drift.found": "3 differences",
    "drift.unknown": "No look has worked for 2 h 0 min",
    "drift.resolved": "It lasted 3 h 0 min",
    "drift.repaired": "Put back 1 of 3 times within a day",
    "drift.contested": "Put back 3 times within a day",
    "setup.failed": "9 attempts",
    "setup.applied": "It took 36 min 0 s",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_one_figure_that_matters_comes_first(kind: Kind) -> None:
    assert words(notice(kind)).figure == FIGURES.get(kind, "")
    assert words(about("production-data", "daily-all", kind, {})).figure == ""


@pytest.mark.parametrize("name", samples())
def test_a_title_is_read_at_a_glance(name: str) -> None:
    assert len(words(samples()[name]).title) <= 75


def test_a_landed_report_is_described() -> None:
    said = words(notice("report.landed"))
    assert said.title == "Inventory report landed: production-data / daily-all"
    assert {each.label: each.value for each in said.facts} == {
        "Arrived": "2026-03-01 11:58 UTC",
        "Run began": "2026-03-01 01:00 UTC",
        "Files": "12 files, 3.2 GiB",
        "Format": "Parquet",
        "After the previous one": "1 day 0 h 12 min",
        "Where": "s3://reports/inventory/production-data/daily-all/2026-03-01T01-00Z/manifest.json",
    }


def test_the_first_report_is_called_the_first() -> None:
    assert fact(words(notice(previous_seconds=None)), "After the previous one") == "this is the first report"


def test_a_healed_report_refers_to_what_was_told_before() -> None:
    assert "told before as incomplete or corrupt" in words(notice(healed=True)).meaning
    assert "told before" not in words(notice(healed=False)).meaning


def test_a_report_of_nothing_says_that_there_was_nothing() -> None:
    said = words(notice(files=0, bytes=0))
    assert "nothing to list" in said.meaning
    assert fact(said, "Files") == "0 files"


def test_a_manifest_that_is_overwritten_is_to_be_read_before_the_next_run() -> None:
    assert "before the next run" in words(notice(layout="fixed")).next_step
    assert "before the next run" not in words(notice(layout="dated")).next_step


def test_an_overdue_report_is_told_with_its_cause_or_with_none() -> None:
    known = words(notice("report.overdue", cause="the bucket reports is gone"))
    assert "The likely cause: the bucket reports is gone." in known.meaning
    assert known.call == "PUT /inventories/production-data/daily-all"
    unknown = words(notice("report.overdue", cause=None, last_arrived_at=None))
    assert "No cause has been found yet." in unknown.meaning
    assert unknown.call == "POST /inventories/production-data/daily-all/check"
    assert fact(unknown, "Last report") == "none has come so far"


@pytest.mark.parametrize(
    ("missed", "sentence"),
    [
        (0, "None was missed."),
        (1, "1 report that was due before it never came."),
        (2, "2 reports that were due before it never came."),
    ],
)
def test_a_recovery_says_how_many_were_missed(missed: int, sentence: str) -> None:
    said = words(notice("report.recovered", missed=missed))
    assert sentence in said.meaning
    assert "2 days 13 h 28 min late" in said.meaning


def test_each_difference_is_one_line_and_objects_are_taken_apart() -> None:
    assert words(notice("drift.found")).details == (
        '/configuration/Schedule/Frequency: wanted "Daily", found "Weekly"',
        '/configuration/OptionalFields: wanted ["LastAccessedDate","Size"], found nothing',
        "/policies/reports/StocktakeWrite5d41402abc4b/Action:"
        ' wanted ["s3:PutObject","s3:AbortMultipartUpload"], found ["s3:PutObject"]',
    )


def test_many_differences_are_cut_short_and_counted() -> None:
    many = [{"path": f"/{each}", "wanted": each, "actual": None} for each in range(200)]
    said = words(notice("drift.found", differences=many))
    assert len(said.details) == 10
    assert said.details_more == 190


def test_problems_that_the_report_left_out_are_counted_too() -> None:
    said = words(
        notice("report.incomplete", problems=list(bounded([f"{each}: not there" for each in range(50)])))
    )
    assert len(said.details) == 10
    assert said.details_more == 40


def test_a_setup_that_is_gone_is_told_as_missing() -> None:
    assert "is missing" in words(notice("drift.found", status="missing")).title
    assert "was changed" in words(notice("drift.found", status="changed")).title


def test_an_inventory_that_is_only_observed_is_not_promised_a_repair() -> None:
    assert "by hand" in words(notice("drift.found", management="observe")).next_step


@pytest.mark.parametrize("kind", ["drift.unknown", "drift.resolved"])
def test_not_seeing_reports_is_told_apart_from_not_seeing_the_setup(kind: Kind) -> None:
    assert "reports" in words(notice(kind, about="reports")).title
    assert "setup" in words(notice(kind, about="setup")).title


def test_a_setup_that_was_given_up_is_to_be_asked_for_again() -> None:
    given_up, trying = (words(notice("setup.failed", state=each)) for each in ("failed", "pending"))
    assert given_up.title.startswith("Inventory setup failed")
    assert given_up.call == "PUT /inventories/production-data/daily-all"
    assert trying.title.startswith("Inventory setup is not finished")
    assert trying.call == "GET /inventories/production-data/daily-all"


def test_line_breaks_and_invisible_characters_are_shown_as_escapes() -> None:
    said = words(notice(manifest_key="a\nreport.landed · 00000000\u202egpj\u200b\x1b[2J\ud800"))
    assert fact(said, "Where") == (r"s3://reports/a\nreport.landed · 00000000\u202egpj\u200b\x1b[2J\ud800")


def test_a_name_cannot_leave_its_place_in_the_request() -> None:
    said = words(replace(notice(), bucket="a/b?c", inventory_id="\ud800 d"))
    assert said.call == "GET /inventories/a%2Fb%3Fc/%3F%20d/reports"


def test_a_sentence_of_many_lines_becomes_one() -> None:
    said = words(notice("setup.failed", reason="no\r\n  such bucket"))
    assert "The reason: no such bucket." in said.meaning


@given(
    kind=st.sampled_from(KINDS),
    bucket=st.text(max_size=100),
    inventory_id=st.text(max_size=100),
    data=st.data(),
)
def test_whatever_the_facts_are_the_words_are_bounded_single_lines(
    kind: Kind, bucket: str, inventory_id: str, data: st.DataObject
) -> None:
    facts: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(FACTS[kind], values)))
    said = words(about(bucket, inventory_id, kind, facts))
    assert len(said.title) <= 200
    assert len(said.meaning) <= 1200
    assert len(said.details) <= 10
    for each in texts(said):
        assert len(each) <= 1400
        assert each.splitlines() in ([], [each])
        each.encode()  # no lone surrogate


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB (1,024 bytes)"),
        (1536, "1.5 KiB (1,536 bytes)"),
        (1024**2 - 1, "1.0 MiB (1,048,575 bytes)"),
        (1024**4, "1.0 TiB (1,099,511,627,776 bytes)"),
        (2**62, "4.0 EiB (4,611,686,018,427,387,904 bytes)"),
    ],
)
def test_sizes_are_given_in_binary_units_and_exactly(number: int, text: str) -> None:
    assert size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than 1 s"),
        (59.9, "59 s"),
        (60, "1 min 0 s"),
        (3_600, "1 h 0 min"),
        (86_399, "23 h 59 min"),
        (86_400, "1 day 0 h 0 min"),
        (200_000, "2 days 7 h 33 min"),
    ],
)
def test_durations_are_given_in_a_few_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@given(text=st.text(), limit=st.integers(1, 30))
def test_a_shown_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(shown(text, limit)) <= limit
