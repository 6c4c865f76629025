"""Events for machines: as CloudEvents 1.0 wants them, the same each time, and never too large."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.notice import Kind, Notice
from chalicelib.templates.cloud_event import MOST_FACTS, event, event_text
from tests.notices import FACTS, about, notice

MOST = 256 * 1024
"""Bytes of a message of SNS and of an entry of EventBridge."""

REQUIRED = {"specversion", "id", "source", "type"}
OPTIONAL = {"subject", "time", "datacontenttype", "data"}
_URI_REFERENCE = re.compile(r"(?:[A-Za-z0-9/._~!$&'()*+,;=:@-]|%[0-9A-F]{2})+")
_TYPE = re.compile(r"stocktake\.[a-z]+\.[a-z_]+")


def checked(text: str) -> dict[str, Any]:
    """The event in the text, held against the JSON schema of CloudEvents and what that cannot tell."""
    found: dict[str, Any] = json.loads(text)
    assert found.keys() >= REQUIRED
    assert found.keys() <= REQUIRED | OPTIONAL
    attributes = {name: value for name, value in found.items() if name != "data"}
    for name, value in attributes.items():
        assert re.fullmatch(r"[a-z0-9]{1,20}", name)
        assert isinstance(value, str)
        assert value
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]", value)
    assert found["specversion"] == "1.0"
    assert _URI_REFERENCE.fullmatch(found["source"])
    assert _TYPE.fullmatch(found["type"])
    assert datetime.fromisoformat(found["time"]).utcoffset() == timedelta()
    return found


@pytest.mark.parametrize("kind", get_args(Kind))
def test_an_event_of_every_kind_is_read_by_the_library_of_cloudevents(kind: Kind) -> None:
    sent = notice(kind)
    found = JSONFormat().read(CloudEvent, event_text(sent))
    assert isinstance(found, CloudEvent)
    assert (found.get_id(), found.get_type()) == (sent.id, f"stocktake.{kind}")
    assert found.get_source() == "/stocktake/inventories/production-data/daily-all"
    assert found.get_subject() == "production-data/daily-all"
    assert found.get_time() == sent.created_at
    assert found.get_datacontenttype() == "application/json"
    data = found.get_data()
    assert isinstance(data, dict)
    assert data["kind"] == kind
    assert data.items() >= FACTS[kind].items()
    checked(event_text(sent))


def test_a_landed_report_has_all_that_a_pipeline_begins_with() -> None:
    data = event(notice("report.landed"))["data"]
    facts = FACTS["report.landed"]
    assert data == {
        **facts,
        "kind": "report.landed",
        "bucket": "production-data",
        "inventory_id": "daily-all",
        "short_id": notice().short_id,
        "manifest_uri": f"s3://reports/{facts['manifest_key']}",
    }
    assert {"destination", "manifest_key", "report", "created_at", "arrived_at"} <= data.keys()
    assert {"format", "fields", "files", "bytes"} <= data.keys()


def test_an_event_is_the_same_on_every_retry() -> None:
    again = replace(notice(), attempts=3, last_error="Away.", not_before=datetime(2026, 3, 2, tzinfo=UTC))
    assert event_text(again) == event_text(notice())


def test_the_time_is_in_utc_whatever_zone_the_notice_has() -> None:
    there = timezone(timedelta(hours=5))
    found = event(replace(notice(), created_at=datetime(2026, 3, 1, 17, tzinfo=there)))
    assert found["time"] == "2026-03-01T12:00:00Z"


def test_what_is_about_no_inventory_is_about_the_channel() -> None:
    found = checked(event_text(about("", "", "channel.test", {"by": "ops"})))
    assert (found["source"], found["subject"]) == ("/stocktake/channels/storage-team", "storage-team")
    assert found["data"].keys() == {"kind", "short_id", "by"}


def test_no_fact_passes_for_what_the_notice_is() -> None:
    forged = about("data", "daily", "report.landed", {"kind": "drift.found", "bucket": "other"})
    data = event(forged)["data"]
    assert (data["kind"], data["bucket"]) == ("report.landed", "data")


@given(bucket=st.text(min_size=1), id=st.text(), key=st.text(), reason=st.text())
def test_whatever_others_wrote_the_event_is_a_good_one(bucket: str, id: str, key: str, reason: str) -> None:
    facts = {"destination": "reports", "manifest_key": key, "reason": reason}
    found = checked(event_text(about(bucket, id, "report.landed", facts)))
    assert unquote(found["source"]).startswith("/stocktake/inventories/")
    assert found["data"]["manifest_uri"] == "s3://reports/" + key


LONG: list[tuple[str, str]] = [
    ("letters", "x"),
    ("quotes", '"'),
    ("control characters", "\x01"),
    ("pictures", "🙂"),
]


def drift(sign: str, *, count: int, length: int) -> Notice:
    """Drift with this many differences, each with a text of that length."""
    differences = [{"path": "/" + sign * 100, "wanted": sign * length, "actual": None} for _ in range(count)]
    return notice("drift.found", differences=differences)


@pytest.mark.parametrize("sign", [each[1] for each in LONG], ids=[each[0] for each in LONG])
def test_of_a_list_that_is_too_long_the_beginning_is_sent_with_a_count_of_the_rest(sign: str) -> None:
    large = drift(sign, count=50, length=20_000)
    text = event_text(large)
    assert len(text.encode()) <= MOST - 10_000
    data = checked(text)["data"]
    assert 0 < len(data["differences"]) < 50
    assert data["left_out"] == {"differences": 50 - len(data["differences"])}
    assert data["differences"] == large.facts["differences"][: len(data["differences"])]
    assert data["status"] == "changed"


def test_a_single_value_that_is_too_long_is_left_out_and_said_so() -> None:
    data = checked(event_text(notice(cause="x" * MOST_FACTS)))["data"]
    assert "cause" not in data
    assert data["left_out"] == {"cause": 1}
    assert data["files"] == 12


def test_what_fits_is_sent_whole() -> None:
    data = event(drift("x", count=50, length=1_000))["data"]
    assert len(data["differences"]) == 50
    assert "left_out" not in data
