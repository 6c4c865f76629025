"""Bad input in every field: named by its path, told what would do, and nothing is stored or written."""

from typing import Any

import pytest

from local.platform import StandIn
from tests.app.asking import ONE, READER, REMOVED, Api, Reply, body, changed, touched

C = "/configuration"
TARGET = f"{C}/Destination/S3BucketDestination"
Shared = tuple[Api, StandIn]
NO_LINES: tuple[Any, ...] = ("1", True, [], {}, -1, 1e25, 10**400)
DEEP: Any = {"a": {"b": [{"c": [[[{}]]]}]}}


def refused(shared: Shared, content: Any, path: str = ONE) -> Reply:
    """The answer to a request that will not do; nothing came of it."""
    api, platform = shared
    reply = api.put(content, path)
    assert reply.status in (400, 422), reply.content
    assert reply.headers["content-type"] == "application/problem+json"
    assert all(each == "" or each.startswith("/") for each in reply.paths)
    assert api.get("/inventories").json["items"] == []
    assert touched(platform) == []
    return reply


def each(path: str, words: str, *values: Any) -> list[tuple[str, Any, str]]:
    """The rows of one field that takes none of these values."""
    return [(path, value, words) for value in values]


BAD: list[tuple[str, Any, str]] = [
    # IsEnabled
    (f"{C}/IsEnabled", REMOVED, "true or false"),
    *each(f"{C}/IsEnabled", "true or false", "true", 1, None, [], DEEP, ""),
    # IncludedObjectVersions
    (f"{C}/IncludedObjectVersions", REMOVED, "All, Current, Latest"),
    (f"{C}/IncludedObjectVersions", "current", "All, Current, Latest (did you mean Current?)"),
    *each(f"{C}/IncludedObjectVersions", "Current", "", None, 5, ["All"], DEEP),
    # Schedule
    (f"{C}/Schedule", REMOVED, "Frequency"),
    *each(f"{C}/Schedule", "Frequency", "Daily", None, [], 1),
    (f"{C}/Schedule/Frequency", REMOVED, "Daily, Weekly"),
    (f"{C}/Schedule/Frequency", "daily", "did you mean Daily?"),
    *each(f"{C}/Schedule/Frequency", "Daily, Weekly", "Hourly", "", None, 1, DEEP),
    (f"{C}/Schedule/Hour", 5, "known: Frequency"),
    # OptionalFields
    *each(f"{C}/OptionalFields", "list", "Size", {}, 1, DEEP),
    (f"{C}/OptionalFields", ["Size"] * 33, "32 items"),
    # Filter
    *each(f"{C}/Filter", "Prefix", "documents/", [], 1, True),
    *each(f"{C}/Filter/Prefix", "text", 1, [], DEEP, False),
    *each(f"{C}/Filter/Prefix", "control", "a\nb", "a\x00", "\x7f", "\x85", "\ud800"),
    (f"{C}/Filter/Prefix", "x" * 513, "512 bytes"),
    (f"{C}/Filter/Prefix", "ü" * 257, "512 bytes"),
    (f"{C}/Filter/prefix", "a", "did you mean Prefix?"),
    (f"{C}/Filter/Tags", [], "known: Prefix"),
    # Destination
    (f"{C}/Destination", REMOVED, "S3BucketDestination"),
    *each(f"{C}/Destination", "S3BucketDestination", "reports", None, []),
    (f"{C}/Destination/s3BucketDestination", {}, "did you mean S3BucketDestination?"),
    (TARGET, REMOVED, "Bucket, Format, Prefix"),
    *each(TARGET, "Bucket, Format, Prefix", "reports", None, 7),
    (f"{TARGET}/AccountId", "123456789012", "CoreWeave's inventory has no such field"),
    (f"{TARGET}/Encryption", {"SSES3": {}}, "leave it out"),
    (f"{TARGET}/Encrypt", {}, "known: Bucket, Format, Prefix"),
    # its bucket
    (f"{TARGET}/Bucket", REMOVED, "text"),
    *each(f"{TARGET}/Bucket", "text", None, 1, [], DEEP),
    *each(f"{TARGET}/Bucket", "3 to 63", "", "ab", "a" * 64, "arn:aws:s3:::"),
    *each(
        f"{TARGET}/Bucket",
        "a name or arn:aws:s3:::name",
        "Reports",
        "my.reports",
        "-reports",
        "reports-",
        "my_reports",
        "repörts",
        "re ports",
    ),
    *each(
        f"{TARGET}/Bucket",
        "a name or arn:aws:s3:::name",
        "arn:aws:s3:::reports/inv",
        "arn:aws:s3:us:1:reports",
        "s3://reports",
        "xn--ab",
        "int",
    ),
    *each(f"{TARGET}/Bucket", "must not begin with", "cw-a", "vip-a", "log-stitcher-ch-a"),
    # its format
    (f"{TARGET}/Format", REMOVED, "CSV, TSV, JSON, ORC, Parquet"),
    (f"{TARGET}/Format", "csv", "did you mean CSV?"),
    (f"{TARGET}/Format", "PARQUET", "did you mean Parquet?"),
    *each(f"{TARGET}/Format", "CSV, TSV", "XML", "", None, 1, ["CSV"]),
    # its prefix
    *each(f"{TARGET}/Prefix", "text", 1, [], True, DEEP),
    *each(f"{TARGET}/Prefix", "widen the grant", "*", "a?", "${aws:username}/"),
    *each(f"{TARGET}/Prefix", "..", "..", "a/../b", "../"),
    *each(f"{TARGET}/Prefix", "control", "a\tb", "\x1b[2J", "\udfff"),
    (f"{TARGET}/Prefix", "x" * 513, "512 bytes"),
    # Id
    *each(f"{C}/Id", "A-Z a-z 0-9 . _ -", "", "a b", "a/b", "ü", "x" * 65, "a\n"),
    (f"{C}/Id", ".", "mean something else"),
    (f"{C}/Id", "weekly", "left out or equal the id in the address, daily"),
    (f"{C}/Id", 5, "text"),
    # fields that are not known
    (f"{C}/Frequency", "Daily", "it belongs to /configuration/Schedule/Frequency"),
    (f"{C}/isEnabled", True, "did you mean IsEnabled?"),
    (f"{C}/" + "x" * 300, 1, "known: Id, IsEnabled"),
    ("/IsEnabled", True, "it belongs to /configuration/IsEnabled"),
    ("/notifies", [], "did you mean notify?"),
    ("/état", None, "known: configuration, notify"),
    ("/state", "applied", "is not known here"),
    # the configuration as a whole
    (C, REMOVED, "is required, and must be a JSON object with Id, IsEnabled"),
    *each(C, "must be a JSON object with Id", None, [], "x", 1, [body()]),
    # notify
    *each("/notify", "list", "storage-team", None, {"storage-team": 1}, 3),
    ("/notify", ["storage-team"] * 21, "20 items"),
    ("/notify/0", ["storage"], "there are: storage-mail, storage-team"),
    ("/notify/0", [""], "no channel has this name"),
    ("/notify/0", ["https://hooks.slack.com/services/T/B/X"], "no channel has this name"),
    ("/notify/1", ["storage-team", 5], 'the name of a channel, or {"channel"'),
    ("/notify/0/channel", [{"kinds": ["report.landed"]}], "is required"),
    ("/notify/0/channel", [{"channel": "storage"}], "there are: storage-mail, storage-team"),
    ("/notify/0/kind", [{"channel": "storage-team", "kind": []}], "did you mean kinds?"),
    ("/notify/0/kinds", [{"channel": "storage-team", "kinds": []}], "must not be empty"),
    ("/notify/0/kinds", [{"channel": "storage-team", "kinds": "report.landed"}], "must be a list"),
    (
        "/notify/0/kinds/1",
        [{"channel": "storage-team", "kinds": ["drift.*", "report.lande"]}],
        "report.landed",
    ),
    ("/notify/0/kinds/0", [{"channel": "storage-team", "kinds": ["channel.disabled"]}], "must be one of"),
    ("/notify/0", ["\ud800"], "no channel has this name"),
    # readers
    *each("/readers", "list", READER, None, {}, 1),
    ("/readers", [f"{READER}{n}" for n in range(101)], "100 items"),
    *(
        ("/readers/0", [value], "full ARN without wildcards")
        for value in ("*", "", "reader", "arn:aws:iam::ORG:user/x", READER[:-6] + "*", READER + "?")
    ),
    *(
        ("/readers/0", [value], "arn:aws:iam::ORG-ID")
        for value in (READER + "\n", "x" * 600, "arn:aws:iam:::")
    ),
    ("/readers/1", [READER, None], "text"),
    # the rest
    *each("/first_policy", "preserve-organization, restrict", "Restrict", None, 1, []),
    ("/first_policy", "restrict", "restrict needs readers"),
    # thresholds
    *each("/thresholds", "list", {"measure": "bytes", "over": 1}, "bytes", None, 1),
    ("/thresholds", [{"measure": "objects", "over": 1}] * 21, "20 items"),
    *each("/thresholds/0", "JSON object with measure, over, under", [1], ["bytes"], [None]),
    ("/thresholds/0", [{"measure": "bytes"}], "one of over and under"),
    ("/thresholds/0", [{"measure": "bytes", "over": 1, "under": 2}], "write two lines"),
    ("/thresholds/0/measure", [{"over": 1}], "one of objects, bytes, cold_bytes, cost, growth_percent"),
    ("/thresholds/0/measure", [{"measure": "size", "over": 1}], "must be one of objects"),
    ("/thresholds/0/above", [{"measure": "bytes", "above": 1}], "known: measure, over, under"),
    *each(
        "/thresholds/0/over",
        "must be a number",
        *([{"measure": "bytes", "over": value}] for value in NO_LINES),
    ),
    ("/thresholds/0/under", [{"measure": "growth_percent", "under": -100.5}], "from -100 to"),
    (
        "/thresholds",
        [{"measure": "bytes", "over": 1}, {"measure": "bytes", "over": 2}],
        "one line at most for bytes over",
    ),
    *each("/create_destination", "zone", "US-EAST-04A", [], True),
    ("/create_destination/zone", {}, "must be text"),
    *(("/create_destination/zone", {"zone": z}, "US-EAST-04A") for z in ("", "us-east-04a", "A" * 64, "A B")),
    ("/create_destination/region", {"zone": "A", "region": "x"}, "known: zone"),
    *each("/management", "apply, observe", "Apply", "", None, False),
]


@pytest.mark.parametrize(("path", "value", "words"), BAD)
def test_a_bad_field_is_named_and_told_what_would_do(
    shared: Shared, path: str, value: Any, words: str
) -> None:
    depth = 2 if path.startswith(("/notify/", "/readers/", "/create_destination/", "/thresholds/")) else 99
    place = "/".join(path.split("/")[:depth])
    reply = refused(shared, changed(place, value))
    assert reply.status == 422
    shown = path[: len(f"{C}/") + 100]
    assert shown in reply.paths
    assert words in reply.message(shown)


def test_an_optional_field_that_is_none_is_named_by_its_place(shared: Shared) -> None:
    fields = ["Size", "size", "LastAccessDate", 7]
    reply = refused(shared, changed(f"{C}/OptionalFields", fields))
    assert reply.paths == [f"{C}/OptionalFields/{n}" for n in (1, 2, 3)]
    assert "(did you mean Size?)" in reply.message(f"{C}/OptionalFields/1")
    assert "(did you mean LastAccessedDate?)" in reply.message(f"{C}/OptionalFields/2")
    assert "Size, LastModifiedDate" in reply.message(f"{C}/OptionalFields/3")


def test_every_bad_field_is_named_at_once(shared: Shared) -> None:
    document = changed(f"{TARGET}/Format", "csv") | {"notify": ["nobody"], "first_policy": "restrict"}
    document["configuration"]["Id"] = "other"
    document["configuration"]["AccountId"] = 1
    reply = refused(shared, document, "/inventories/Data/da!ly")
    wanted = ["/bucket", "/id", f"{C}/Id", f"{TARGET}/Format", f"{C}/AccountId", "/notify/0", "/first_policy"]
    assert reply.paths == wanted
    assert reply.json["detail"].startswith("/bucket in the address will not do: a bucket name has")
    assert reply.json["detail"].endswith("(and 6 more, see errors)")


def test_the_document_itself_in_the_place_of_the_body_is_told_where_it_belongs(shared: Shared) -> None:
    reply = refused(shared, body()["configuration"])
    assert "is required" in reply.message(C)
    assert "it belongs to /configuration/Schedule" in reply.message("/Schedule")


@pytest.mark.parametrize("content", [b"[]", b"null", b"1", b'"x"', b"true", b"1e400", b"-0.0"])
def test_a_body_that_is_no_object_is_refused(shared: Shared, content: bytes) -> None:
    reply = refused(shared, content)
    assert (reply.status, reply.paths) == (422, [""])
    assert "must be a JSON object with configuration" in reply.json["detail"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "line 1 column 2"),
        (b"{'configuration': 1}", "double quotes"),
        (b'{"configuration": NaN}', "NaN"),
        (b'{"configuration": -Infinity}', "Infinity"),
        (b'{"a": 1, "a": 2}', "'a' occurs twice"),
        (b'{"configuration": {"Id": "a", "Id": "a"}}', "'Id' occurs twice"),
        (b'{"a": "\xff"}', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (b"[" * 30_000, "within each other"),
        (b"[" * 65 + b"]" * 65, "within each other"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "within each other"),
        (b'{"a": ' + b"9" * 5000 + b"}", "more than 1000 digits"),
        (b'{"a": 1} {"b": 2}', "Extra data"),
    ],
)
def test_what_is_no_json_is_told_as_such(shared: Shared, content: bytes, words: str) -> None:
    reply = refused(shared, content)
    assert reply.status == 400
    assert words in reply.json["detail"]


@pytest.mark.parametrize(
    "declared", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]
)
def test_a_body_declared_as_something_else_is_refused(shared: Shared, declared: str) -> None:
    reply = shared[0].put(body(), Content_Type=declared)
    assert reply.status == 415
    assert "application/json" in reply.json["detail"]


@pytest.mark.parametrize("declared", ["application/json; charset=utf-8", "APPLICATION/JSON"])
def test_json_may_be_declared_in_any_spelling(api: Api, declared: str) -> None:
    assert api.put(body(), Content_Type=declared).status == 201


def test_a_mark_that_an_editor_left_at_the_beginning_does_no_harm(api: Api) -> None:
    assert api.patch(b"\xef\xbb\xbf{}").status == 404
    assert api.put(b"\xef\xbb\xbf[]").status == 422
