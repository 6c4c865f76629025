"""PATCH: a JSON merge patch of what was asked, applied like PUT, losing nobody's change."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, READER, Api, body, changed, touched

Shared = tuple[Api, StandIn]

TARGET = "/configuration/Destination/S3BucketDestination"


def observed(shared: Shared, **more: Any) -> Api:
    """An inventory at version 1 that never touches the platform."""
    api, _ = shared
    api.delete(ONE + "?keep_remote=true")
    assert api.put(body(management="observe", **more)).status == 201
    return api


def test_disabling_is_one_field(api: Api, platform: StandIn) -> None:
    api.put(body(notify=["storage-team"]))
    reply = api.patch({"configuration": {"IsEnabled": False}})
    assert (reply.status, reply.headers["etag"], reply.json["state"]) == (200, '"2"', "applied")
    assert reply.json["freshness"]["status"] == "disabled"
    assert reply.json["notify"] == ["storage-team"]
    assert (platform.configuration("data", "daily") or {})["IsEnabled"] is False
    assert api.patch({"configuration": {"IsEnabled": True}}).json["freshness"]["status"] == "waiting"


@pytest.mark.parametrize(
    ("patch", "name", "value"),
    [
        ({"notify": None}, "notify", []),
        ({"notify": ["storage-mail"]}, "notify", ["storage-mail"]),
        ({"readers": None}, "readers", []),
        ({"readers": []}, "readers", []),
        ({"first_policy": None}, "first_policy", "preserve-organization"),
        ({"create_destination": {"zone": "US-EAST-04A"}}, "create_destination", {"zone": "US-EAST-04A"}),
        ({"unknown": None}, "notify", ["storage-team"]),
    ],
)
def test_null_takes_a_field_back_to_its_default_and_a_list_is_replaced(
    shared: Shared, patch: dict[str, Any], name: str, value: Any
) -> None:
    reply = observed(shared, notify=["storage-team"], readers=[READER]).patch(patch)
    assert reply.status == 200
    assert reply.json[name] == value


@pytest.mark.parametrize(
    ("patch", "name"),
    [
        ({"Filter": None}, "Filter"),
        ({"Filter": {"Prefix": None}}, "Filter"),
        ({"OptionalFields": None}, None),
    ],
)
def test_a_part_of_the_configuration_is_taken_away(
    api: Api, platform: StandIn, patch: dict[str, Any], name: str | None
) -> None:
    api.put(body())
    assert api.patch({"configuration": patch}).status == 200
    assert (name or "OptionalFields") not in (platform.configuration("data", "daily") or {})


def test_an_empty_patch_changes_nothing(shared: Shared) -> None:
    api = observed(shared)
    before = api.get().json
    reply = api.patch({})
    assert (reply.status, reply.json["steps"], reply.json["version"]) == (200, [], 1)
    assert reply.json["configuration"] == before["configuration"]


def test_a_dry_run_of_a_patch_shows_the_steps_and_does_none(api: Api, platform: StandIn) -> None:
    api.put(body())
    writes = touched(platform)
    patch = {"configuration": {"Schedule": {"Frequency": "Weekly"}}}
    reply = api.patch(patch, ONE + "?dry_run=true")
    assert (reply.status, reply.json["version"]) == (200, 2)
    assert [each["action"] for each in reply.json["steps"]] == ["PutBucketInventoryConfiguration"]
    assert api.get().json["configuration"]["Schedule"] == {"Frequency": "Daily"}
    assert touched(platform) == writes


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        ({"configuration": None}, "/configuration"),
        ({"configuration": "x"}, "/configuration"),
        ({"configuration": {"Schedule": None}}, "/configuration/Schedule"),
        ({"configuration": {"Schedule": {"Frequency": "daily"}}}, "/configuration/Schedule/Frequency"),
        ({"configuration": {"Id": "other"}}, "/configuration/Id"),
        ({"state": "applied"}, "/state"),
        ({"version": 7}, "/version"),
        ({"notify": ["nobody"]}, "/notify/0"),
        ({"first_policy": "restrict"}, "/first_policy"),
    ],
)
def test_what_a_patch_would_make_of_it_is_checked_like_a_put(
    shared: Shared, patch: dict[str, Any], path: str
) -> None:
    api = observed(shared)
    reply = api.patch(patch)
    assert (reply.status, reply.paths) == (422, [path])
    assert api.get().json["version"] == 1


@pytest.mark.parametrize("content", [b"[]", b"null", b'"x"', b"1"])
def test_a_patch_that_is_no_object_is_refused(shared: Shared, content: bytes) -> None:
    reply = observed(shared).patch(content)
    assert (reply.status, reply.paths) == (422, [""])
    assert "RFC 7396" in reply.message("")


def test_a_patch_of_nothing_is_not_found(api: Api, platform: StandIn) -> None:
    assert (api.patch({}).status, touched(platform)) == (404, [])


def test_a_patch_may_be_declared_as_one(shared: Shared) -> None:
    assert observed(shared).patch({}, Content_Type="application/merge-patch+json").status == 200


def test_patches_at_the_same_time_lose_nothing(api: Api) -> None:
    """Each sends no version, so each is merged into whatever is there."""
    api.put(body())
    patches: list[dict[str, Any]] = [
        {"notify": ["storage-team"]},
        {"readers": [READER]},
        {"configuration": {"Schedule": {"Frequency": "Weekly"}}},
        {"configuration": {"IncludedObjectVersions": "All"}},
    ]
    with ThreadPoolExecutor(len(patches)) as pool:
        replies = list(pool.map(api.patch, patches))
    assert {each.status for each in replies} == {200}
    record = api.get().json
    assert (record["notify"], record["readers"], record["version"]) == (["storage-team"], [READER], 5)
    assert record["configuration"]["Schedule"] == {"Frequency": "Weekly"}
    assert record["configuration"]["IncludedObjectVersions"] == "All"


def test_moving_the_reports_takes_the_old_grant_away(api: Api, platform: StandIn) -> None:
    api.put(body())
    reply = api.patch(changed(f"{TARGET}/Prefix", "elsewhere/"))
    assert reply.status == 200
    assert "reports/inventory/" not in (platform.policy("reports") or "")
    assert "reports/elsewhere/" in (platform.policy("reports") or "")
