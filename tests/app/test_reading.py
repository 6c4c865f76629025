"""Lists, one record, its reports, and `check`."""

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, TEAM, Api, body, make_buckets, touched

NAMES = ["data/a", "data/b", "data/c", "more/a", "more/b"]


@pytest.fixture(scope="module")
def five(shared: tuple[Api, StandIn]) -> Api:
    """Five inventories, only observed, but the last is applied; they are only read."""
    api, platform = shared
    make_buckets(platform, "more")
    for name in NAMES:
        management = "apply" if name == NAMES[-1] else "observe"
        assert api.put(body(management=management), f"/inventories/{name}").status == 201
    return api


def names(reply_items: list[dict[str, str]]) -> list[str]:
    return [f"{each['bucket']}/{each['id']}" for each in reply_items]


def test_an_empty_list_is_a_list(api: Api) -> None:
    assert api.get("/inventories").json == {"items": [], "next": None}


def test_records_are_listed_by_bucket_and_id(five: Api) -> None:
    reply = five.get("/inventories")
    assert (names(reply.json["items"]), reply.json["next"]) == (NAMES, None)
    assert reply.json["items"][0] == five.get("/inventories/data/a").json


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 1000])
def test_pages_follow_each_other_to_the_end(five: Api, limit: int) -> None:
    found: list[str] = []
    following: str | None = ""
    pages = 0
    while following is not None:
        page = five.get(f"/inventories?limit={limit}" + (f"&after={following}" if following else "")).json
        assert 0 < len(page["items"]) <= limit
        found += names(page["items"])
        following = page["next"]
        pages += 1
    assert found == NAMES
    assert pages == -(-len(NAMES) // limit)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bucket=data", NAMES[:3]),
        ("bucket=more&state=applied", NAMES[4:]),
        ("state=observed", NAMES[:4]),
        ("state=failed", []),
        ("bucket=dat", []),
        ("bucket=", []),
        ("bucket=%ff%00", []),
    ],
)
def test_a_list_is_filtered(five: Api, query: str, expected: list[str]) -> None:
    assert names(five.get(f"/inventories?{query}").json["items"]) == expected


def test_a_filtered_list_has_pages_too(five: Api) -> None:
    first = five.get("/inventories?bucket=data&limit=2").json
    second = five.get(f"/inventories?bucket=data&limit=2&after={first['next']}").json
    assert names(second["items"]) == NAMES[2:3]
    assert second["next"] is None


@pytest.mark.parametrize("path", ["/inventories", "/inventories/data/a/reports"])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        *(
            (f"limit={value}", "/limit")
            for value in ("0", "1001", "-1", "x", "", "1.5", "9" * 5000, "%D9%A1")
        ),
        *((f"after={value}", "/after") for value in ("", "x", "/", "a/b/c", "%ff", "%00/%00", "x" * 9000)),
    ],
)
def test_a_bad_limit_or_after_is_refused(five: Api, path: str, query: str, name: str) -> None:
    reply = five.get(f"{path}?{query}")
    assert (reply.status, reply.paths) == (422, [name])


def test_a_state_that_is_none_is_refused(api: Api) -> None:
    reply = api.get("/inventories?state=done")
    assert reply.paths == ["/state"]
    assert reply.message("/state") == "must be one of pending, applied, failed, observed"


def test_what_is_not_there_is_not_found(api: Api) -> None:
    for reply in (api.get(), api.get(ONE + "/reports"), api.check(), api.delete(), api.patch({})):
        assert reply.status == 404
        assert reply.json["detail"] == "There is no inventory data/daily."


def test_reports_are_listed_newest_first_with_pages(api: Api, platform: StandIn) -> None:
    api.put(body())
    assert api.get(ONE + "/reports").json == {"items": [], "next": None}
    platform.options.layout = "fixed"
    for number in range(3):
        platform.client(TEAM.access_key_id).put_object(Bucket="data", Key=f"documents/{number}", Body=b"x")
        platform.inventory.run("data", "daily")
        assert api.check().status == 200
    whole = api.get(ONE + "/reports").json["items"]
    assert len(whole) == 3
    assert [each["created_at"] for each in whole] == sorted((e["created_at"] for e in whole), reverse=True)
    assert api.get().json["freshness"]["last_report"]["id"] == whole[0]["id"]
    found: list[object] = []
    following: str | None = ""
    while following is not None:
        page = api.get(f"{ONE}/reports?limit=2" + (f"&after={following}" if following else "")).json
        found += page["items"]
        following = page["next"]
    assert found == whole


def test_a_report_says_where_it_lies_and_what_is_in_it(api: Api, platform: StandIn) -> None:
    api.put(body())
    platform.client(TEAM.access_key_id).put_object(Bucket="data", Key="documents/1", Body=b"hello")
    platform.inventory.run("data", "daily")
    api.check()
    (report,) = api.get(ONE + "/reports").json["items"]
    assert (report["outcome"], report["format"], report["files"], report["problems"]) == (
        "complete",
        "CSV",
        1,
        [],
    )
    assert report["schema"] == "Bucket, Key, LastAccessedDate, Size"
    manifest = report["manifest"]
    read = platform.client(TEAM.access_key_id).get_object(Bucket=manifest["bucket"], Key=manifest["key"])
    assert read["ETag"] == f'"{manifest["etag"]}"'


def test_a_truncated_report_is_told_with_what_is_wrong(api: Api, platform: StandIn) -> None:
    api.put(body())
    platform.inventory.misbehave("truncated_file")
    platform.inventory.run("data", "daily")
    api.check()
    (report,) = api.get(ONE + "/reports").json["items"]
    assert report["outcome"] in ("pending", "corrupt", "incomplete")
    assert report["problems"]


def test_check_finds_drift_and_its_end(api: Api, platform: StandIn) -> None:
    api.put(body())
    configuration = dict(platform.configuration("data", "daily") or {})
    configuration["Schedule"] = {"Frequency": "Weekly"}
    platform.client(TEAM.access_key_id).put_bucket_inventory_configuration(
        Bucket="data", Id="daily", InventoryConfiguration=configuration
    )
    writes = touched(platform)
    drift = api.check().json["drift"]
    assert drift["status"] == "changed"
    assert drift["differences"] == [
        {"path": "/configuration/Schedule/Frequency", "wanted": "Daily", "actual": "Weekly"}
    ]
    assert api.get().json["drift"] == drift
    assert touched(platform) == writes
    api.put(body())
    assert api.check().json["drift"]["status"] == "in_sync"


def test_check_says_when_the_configuration_is_gone(api: Api, platform: StandIn) -> None:
    api.put(body())
    platform.client(TEAM.access_key_id).delete_bucket_inventory_configuration(Bucket="data", Id="daily")
    reply = api.check()
    assert (reply.status, reply.json["drift"]["status"]) == (200, "missing")
    assert reply.headers["etag"] == '"1"'


def test_health_and_the_document_are_open_to_all(api: Api) -> None:
    open_to_all = Api(api.url, None)
    assert open_to_all.get("/health").json["status"] == "ok"
    assert open_to_all.get("/openapi.json").json["openapi"] == "3.1.0"
