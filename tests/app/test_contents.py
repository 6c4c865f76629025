"""What a report says, by HTTP: not yet, then in full; and the trend."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.core.points import point
from chalicelib.core.summary_job import Part, Subject
from chalicelib.wiring import services
from local.platform import StandIn
from tests.app.asking import ONE, READ_TOKEN, Api, Reply, body
from tests.contents import contents
from tests.summaries import Row

GIB = 2**30


def landed(api: Api, platform: StandIn) -> Subject:
    """A report that was found, and is not summed up yet."""
    assert api.put(body()).status in (200, 201)
    platform.inventory.run("data", "daily")
    assert api.check().status == 200
    return Subject("data", "daily", api.get(ONE + "/reports").json["items"][0]["id"])


def summed_up(subject: Subject, *rows: Row, day: int = 1) -> None:
    """End the job of the report with these rows."""
    store = services().store
    job = store.job(subject)
    assert job is not None
    found = replace(contents(rows, number=day), subject=subject)
    store.finish(job, found, point(found))


def asked(api: Api, subject: Subject) -> Reply:
    return api.get(f"{ONE}/reports/{subject.report_id}/summary")


def test_it_says_how_far_it_is_until_it_is_there(api: Api, platform: StandIn) -> None:
    subject = landed(api, platform)
    store = services().store
    reply = asked(api, subject)
    assert (reply.status, reply.json["type"]) == (409, "urn:stocktake:problem:wrong-state")
    assert "is to be summed up since" in reply.json["detail"]
    job = store.job(subject)
    assert job is not None
    store.put_job(replace(job, tasks=3))
    store.put_part(subject, Part(1, contents([]).summary))
    assert asked(api, subject).json["detail"].endswith("1 of 3 tasks are done; ask again later.")
    summed_up(subject, Row("a/b", 100 * GIB))
    reply = Api(api.url, READ_TOKEN).get(f"{ONE}/reports/{subject.report_id}/summary")
    assert reply.status == 200
    assert (reply.json["report"], reply.json["objects"]) == (subject.report_id, 1)
    assert reply.json["cost"]["amount"] == "6.00"


def test_it_says_that_the_platform_keeps_files_from_being_read(api: Api, platform: StandIn) -> None:
    subject = landed(api, platform)
    store = services().store
    job = store.job(subject)
    assert job is not None
    words = "GetObject on reports: AccessDenied: no"
    store.put_job(replace(job, tasks=3, trouble=words, troubled_at=datetime.now(UTC)))
    assert words in asked(api, subject).json["detail"]


def test_a_report_that_came_to_nothing_says_why(api: Api, platform: StandIn) -> None:
    subject = landed(api, platform)
    job = services().store.job(subject)
    assert job is not None
    services().store.finish(job, None, None)
    reply = asked(api, subject)
    assert (reply.status, "summaries were off" in reply.json["detail"]) == (409, True)
    assert "They are off now" not in reply.json["detail"]


def test_where_summaries_are_off_that_is_said(
    api: Api, platform: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCKTAKE_TASKS", "off")
    services.cache_clear()
    assert "They are off now" in asked(api, landed(api, platform)).json["detail"]


def test_only_a_whole_report_is_summed_up(api: Api, platform: StandIn) -> None:
    platform.inventory.misbehave("truncated_file")
    reply = asked(api, landed(api, platform))
    assert (reply.status, "only a complete one" in reply.json["detail"]) == (409, True)


@pytest.mark.parametrize("id", ["0000000000000000", "x", "%00", "..%2f", "a" * 300, "%ff"])
def test_there_is_no_summary_of_no_report(api: Api, platform: StandIn, id: str) -> None:
    assert api.put(body()).status == 201
    for part in ("summary", "open"):
        assert api.get(f"{ONE}/reports/{id}/{part}").status == 404
        assert api.get(f"/inventories/data/none/reports/{id}/{part}").status == 404


def test_the_trend_has_a_point_for_each_report_the_newest_first(api: Api, platform: StandIn) -> None:
    assert api.put(body()).status == 201
    assert api.get(ONE + "/trend").json == {"items": [], "next": None}
    subjects = [landed(api, platform) for _ in range(3)]
    for day, subject in enumerate(subjects):
        summed_up(subject, Row("a", (day + 1) * GIB), day=day)
    page = api.get(ONE + "/trend").json
    assert [each["report"] for each in page["items"]] == [each.report_id for each in reversed(subjects)]
    assert [each["cost"]["amount"] for each in page["items"]] == ["0.18", "0.12", "0.06"]
    assert page["next"] is None
    first = api.get(ONE + "/trend?limit=2").json
    second = api.get(f"{ONE}/trend?limit=2&after={first['next']}").json
    assert [*first["items"], *second["items"]] == page["items"]
    assert second["next"] is None


def test_a_trend_that_cannot_be_asked_for_is_named(api: Api, platform: StandIn) -> None:
    assert api.get(ONE + "/trend").status == 404
    assert api.put(body()).status == 201
    assert api.get(ONE + "/trend?limit=0").paths == ["/limit"]
    assert api.get(ONE + "/trend?after=x").paths == ["/after"]
    assert api.get(ONE + "/trend?since=x").paths == ["/since"]
