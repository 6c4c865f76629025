"""What the stores keep as text comes back equal, whatever strangers wrote into it."""

import json
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters import codec
from chalicelib.adapters.codec import from_bytes, from_text, to_bytes, to_text
from chalicelib.core.channel import Disabled
from chalicelib.core.history import Replaced
from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.report import Report
from chalicelib.errors import Invalid
from tests.samples import NOON, inventory, notice, record, replaced, report

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Records are big, and a busy machine is no fault."""

TEXT = st.text(st.characters())  # with halves of surrogate pairs, which `st.text()` leaves out
PLAIN_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    NoneType: st.none(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Any: PLAIN_JSON,
    Mapping[str, Any]: st.dictionaries(TEXT, PLAIN_JSON, max_size=3),
    Mapping[str, int]: st.dictionaries(TEXT, st.integers(), max_size=3),
}


def any_value(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of this type, with every field of a dataclass filled, also those that have defaults."""
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        fields = {name: any_value(each) for name, each in get_type_hints(hint).items()}
        return st.builds(hint, **fields)
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*(any_value(each) for each in get_args(hint)))
    if get_origin(hint) is tuple:
        return st.lists(any_value(get_args(hint)[0]), max_size=2).map(tuple)
    raise TypeError(f"Nobody has said yet what a {hint} may be.")


@unhurried
@given(any_value(Record))
def test_every_record_comes_back_equal(value: Record) -> None:
    assert from_text(Record, to_text(value)) == value


@unhurried
@given(any_value(Report))
def test_every_report_comes_back_equal(value: Report) -> None:
    assert from_text(Report, to_text(value)) == value


@unhurried
@given(any_value(Notice))
def test_every_notice_comes_back_equal(value: Notice) -> None:
    assert from_text(Notice, to_text(value)) == value


@unhurried
@given(any_value(Disabled))
def test_every_disabled_channel_comes_back_equal(value: Disabled) -> None:
    assert from_text(Disabled, to_text(value)) == value


@unhurried
@given(any_value(Replaced))
def test_every_entry_of_a_history_comes_back_equal(value: Replaced) -> None:
    assert from_text(Replaced, to_text(value)) == value


def test_what_comes_back_has_the_same_types_within() -> None:
    assert repr(from_text(Record, to_text(record()))) == repr(record())
    assert repr(from_text(Report, to_text(report()))) == repr(report())
    assert repr(from_text(Notice, to_text(notice()))) == repr(notice())
    assert repr(from_text(Replaced, to_text(replaced()))) == repr(replaced())


@unhurried
@given(any_value(Report))
def test_the_text_is_one_line_of_ascii(value: Report) -> None:
    text = to_text(value)

    assert text.isascii()
    assert text.isprintable()


def test_what_a_newer_version_added_is_ignored() -> None:
    document = json.loads(to_text(record()))
    document["colour"] = document["inventory"]["colour"] = {"of": ["a", "newer", "version"]}

    assert from_text(Record, json.dumps(document)) == record()


def test_what_an_older_version_did_not_know_has_its_default() -> None:
    document = json.loads(to_text(record(reason="known", version=7)))
    del document["reason"], document["version"], document["drift"], document["inventory"]["readers"]

    assert from_text(Record, json.dumps(document)) == record()


@pytest.mark.parametrize(
    "spoilt", [{"state": "unheard of"}, {"version": "1"}, {"created_at": "noon"}, {"placed": [{"sid": "A"}]}]
)
def test_a_document_that_holds_no_record_is_an_error(spoilt: dict[str, Any]) -> None:
    document = {**json.loads(to_text(record())), **spoilt}

    with pytest.raises(msgspec.ValidationError):
        from_text(Record, json.dumps(document))


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=2))
def test_microseconds_sort_as_the_instants_do(moments: list[datetime]) -> None:
    one, other = moments

    assert (codec.micros(one) < codec.micros(other)) is (one < other)
    assert (codec.micros(one) == codec.micros(other)) is (one == other)


def test_microseconds_do_not_depend_on_the_time_zone() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-5)))

    assert codec.micros(elsewhere) == codec.micros(NOON) == 1_772_366_400_000_000
    assert codec.optional_micros(None) is None
    assert codec.optional_micros(NOON) == codec.micros(NOON)


def test_what_is_compressed_comes_back_equal() -> None:
    assert from_bytes(Record, to_bytes(record())) == record()
    assert len(to_bytes(record())) < len(to_text(record())) / 2


@given(st.datetimes(timezones=st.just(UTC)))
def test_microseconds_give_the_instant_back(moment: datetime) -> None:
    assert codec.instant(codec.micros(moment)) == moment


def test_a_time_without_a_zone_has_no_microseconds() -> None:
    with pytest.raises(TypeError):
        codec.micros(NOON.replace(tzinfo=None))


def test_a_page_token_of_records_names_the_last_one() -> None:
    last = record(inventory(bucket="b-2", id="A._-9"))

    assert codec.read_record_token(codec.record_token(last)) == ("b-2", "A._-9")
    assert codec.read_record_token(None) < ("a", "")


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_page_token_of_reports_names_the_last_one(moment: datetime) -> None:
    last = replace(report("0f"), created_at=moment)

    assert codec.read_report_token(codec.report_token(last)) == (codec.micros(moment), "0f")
    assert codec.read_report_token(None) > (codec.micros(moment), "0f")


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_page_token_of_notices_names_the_last_one(moment: datetime) -> None:
    last = notice("0f", created_at=moment)

    assert codec.read_notice_token(codec.notice_token(last)) == (codec.micros(moment), "0f")
    assert codec.read_notice_token(None) > (codec.micros(moment), "0f")


@pytest.mark.parametrize("token", ["", "data", "data/", "/daily", "data/a/b", "dätä/daily", "data/daily\n"])
def test_a_token_of_records_that_was_never_given_is_invalid(token: str) -> None:
    with pytest.raises(Invalid, match="/after: must be the `next` of the page before, unchanged"):
        codec.read_record_token(token)
