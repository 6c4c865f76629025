"""`If-Match`, flags and unknown query parameters: what is refused changes nothing."""

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, Api, body, changed, touched

Shared = tuple[Api, StandIn]

OBSERVED = body(management="observe")
WEEKLY = {**changed("/configuration/Schedule/Frequency", "Weekly"), "management": "observe"}


def observed(shared: Shared) -> Api:
    """An inventory at version 2 that never touches the platform."""
    api, _ = shared
    api.delete(ONE + "?keep_remote=true")
    assert api.put(OBSERVED).status == 201
    assert api.put(WEEKLY).status == 200
    return api


def expect_nothing_came_of_it(shared: Shared) -> None:
    api, platform = shared
    record = api.get().json
    assert (record["version"], record["configuration"]["Schedule"]) == (2, {"Frequency": "Weekly"})
    assert touched(platform) == []


@pytest.mark.parametrize("tag", ['"2"', "2", 'W/"2"', ' "2" ', "*"])
def test_a_write_from_the_current_version_goes_through(shared: Shared, tag: str) -> None:
    reply = observed(shared).put(OBSERVED, If_Match=tag)
    assert (reply.status, reply.headers["etag"]) == (200, '"3"')


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"3"', "999999999999999999", '"0"'])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_stale_write_is_refused_and_changes_nothing(shared: Shared, method: str, tag: str) -> None:
    reply = observed(shared).ask(method, ONE, body(), {"If-Match": tag})
    assert (reply.status, reply.json["type"]) == (412, "urn:stocktake:problem:stale")
    assert '"2"' in reply.json["detail"]
    expect_nothing_came_of_it(shared)


@pytest.mark.parametrize("tag", ["*", '"1"'])
def test_a_condition_on_what_is_not_there_is_not_met(shared: Shared, tag: str) -> None:
    api, platform = shared
    assert api.put(body(), "/inventories/data/none", If_Match=tag).status == 412
    assert api.get("/inventories/data/none").status == 404
    assert touched(platform) == []


@pytest.mark.parametrize("tag", ["", '"', '"1', '1"', '"a"', '"1", "2"', "-1", '"' + "9" * 40 + '"', "W/*"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_condition_that_names_no_version_is_refused(shared: Shared, method: str, tag: str) -> None:
    api = observed(shared)
    reply = api.ask(method, ONE, body(), {"If-Match": tag})
    assert (reply.status, reply.paths) == (422, ["/If-Match"])
    expect_nothing_came_of_it(shared)


@pytest.mark.parametrize("value", ["", "yes", "TRUE", "1", "true "])
@pytest.mark.parametrize(
    ("method", "name"),
    [("PUT", "dry_run"), ("PATCH", "dry_run"), ("DELETE", "keep_remote"), ("DELETE", "dry_run")],
)
def test_a_flag_is_true_or_false(shared: Shared, method: str, name: str, value: str) -> None:
    api = observed(shared)
    reply = api.ask(method, f"{ONE}?{name}={value.replace(' ', '%20')}", body())
    assert (reply.status, reply.paths) == (422, [f"/{name}"])
    expect_nothing_came_of_it(shared)


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("PUT", ONE, "dry_run, format, provider"),
        ("PATCH", ONE, "dry_run, format, provider"),
        ("GET", ONE + "/plan", "format"),
        ("GET", ONE + "/export", "format, provider"),
        ("DELETE", ONE, "keep_remote, dry_run, format"),
        ("GET", ONE, "none"),
        ("POST", ONE + "/check", "none"),
        ("GET", ONE + "/reports", "limit, after"),
        ("GET", "/inventories", "bucket, state, limit, after"),
        ("GET", "/openapi.json", "none"),
        ("GET", "/buckets", "status, limit, after"),
        ("GET", "/buckets/data/inventories", "limit, after"),
        ("POST", ONE + "/adopt", "none"),
        ("POST", "/adopt", "after"),
        ("POST", "/apply", "dry_run, after"),
    ],
)
def test_a_query_parameter_that_would_be_ignored_is_refused(
    shared: Shared, method: str, path: str, known: str
) -> None:
    api = observed(shared)
    reply = api.ask(method, path + "?dryrun=true&a~b/%ff", body())
    assert (reply.status, reply.paths) == (422, ["/a~0b~1\ufffd", "/dryrun"])
    assert reply.message("/dryrun").endswith(f"known: {known}")
    expect_nothing_came_of_it(shared)
