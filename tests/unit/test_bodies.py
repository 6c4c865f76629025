"""From a PUT body to an inventory and back."""

import json
from typing import Any

import pytest

from chalicelib.api.answers import body_of
from chalicelib.api.bodies import body_schema, parse_inventory
from chalicelib.core.inventory import Configuration, Inventory, Only
from chalicelib.errors import Invalid
from tests import samples

CHANNELS = ("storage-mail", "storage-team")
READER = "arn:aws:iam::ORG:coreweave/reader"
DOCUMENT: dict[str, Any] = {
    "IsEnabled": True,
    "IncludedObjectVersions": "Latest",
    "Schedule": {"Frequency": "Weekly"},
    "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::reports", "Format": "ORC"}},
}


def parsed(**more: Any) -> Inventory:
    return parse_inventory({"configuration": DOCUMENT, **more}, "data", "weekly", CHANNELS)


def test_the_least_that_can_be_asked() -> None:
    expected = Configuration("weekly", True, "Current", "Weekly", "reports", "ORC")
    assert parsed() == Inventory("data", expected)


def test_everything_that_can_be_asked() -> None:
    document = {
        **DOCUMENT,
        "Id": "weekly",
        "OptionalFields": ["Size", "ETag", "Size"],
        "Filter": {"Prefix": "documents/"},
    }
    found = parsed(
        configuration=document,
        notify=["storage-team", "storage-mail", "storage-team"],
        readers=[READER + "-b", READER, READER],
        first_policy="restrict",
        create_destination={"zone": "US-EAST-04A"},
        management="observe",
    )
    assert found.configuration.optional_fields == ("ETag", "Size")
    assert found.configuration.filter_prefix == "documents/"
    assert found.notify == ("storage-team", "storage-mail")
    assert found.readers == (READER, READER + "-b")
    assert (found.first_policy, found.create_zone, found.management) == ("restrict", "US-EAST-04A", "observe")


def test_a_channel_that_is_named_twice_is_told_of_both() -> None:
    landed = {"channel": "storage-mail", "kinds": ["report.landed"]}
    drift = {"channel": "storage-mail", "kinds": ["drift.*", "report.landed"]}
    assert parsed(notify=[landed, drift]).only == (Only("storage-mail", ("report.landed", "drift.*")),)
    assert parsed(notify=[landed, "storage-mail"]).only == ()
    assert parsed(notify=[{"channel": "storage-mail"}]) == parsed(notify=["storage-mail"])


@pytest.mark.parametrize(
    "wanted",
    [
        samples.inventory(),
        samples.inventory(notify=CHANNELS, readers=(READER,), first_policy="restrict", create_zone="US-A"),
        samples.inventory(notify=CHANNELS, only=(Only("storage-mail", ("report.landed", "drift.*")),)),
        samples.inventory(management="observe", configuration=samples.configuration(report_prefix="")),
        samples.inventory(configuration=samples.configuration(optional_fields=(), filter_prefix=None)),
        samples.inventory(configuration=samples.configuration(enabled=False, versions="All", format="TSV")),
    ],
)
def test_what_is_asked_comes_back_through_json(wanted: Inventory) -> None:
    body = json.loads(json.dumps(body_of(wanted)))
    assert parse_inventory(body, wanted.bucket, wanted.id, CHANNELS) == wanted


@pytest.mark.parametrize(
    "reader",
    [
        "arn:aws:iam::org-1:coreweave/a1B2",
        "arn:aws:iam::ORG:role/https://oidc.example.com/id:system:serviceaccount:ns:name",
        "arn:aws:iam::ORG:saml/Data-Engineers",
    ],
)
def test_readers_are_users_workloads_and_groups(reader: str) -> None:
    assert parsed(readers=[reader]).readers == (reader,)


def test_restricting_to_readers_that_will_not_do_is_told_once() -> None:
    with pytest.raises(Invalid) as raised:
        parsed(first_policy="restrict", readers=["*"])
    assert [each.path for each in raised.value.problems] == ["/readers/0"]


def test_without_channels_the_message_says_where_they_are_set() -> None:
    with pytest.raises(Invalid, match="none yet; they are set in the secrets document"):
        parse_inventory({"configuration": DOCUMENT, "notify": ["x"]}, "data", "weekly", ())


def test_a_channel_that_cannot_be_used_is_refused_with_why() -> None:
    asked = {"configuration": DOCUMENT, "notify": ["storage-team", "mail"]}
    with pytest.raises(Invalid) as raised:
        parse_inventory(asked, "data", "weekly", CHANNELS, {"mail": "no server is set"})
    (problem,) = raised.value.problems
    assert (problem.path, problem.message) == ("/notify/1", "mail cannot be used: no server is set")


def test_what_is_parsed_is_not_changed() -> None:
    body = {"configuration": DOCUMENT, "notify": ["storage-team"]}
    before = json.dumps(body)
    parse_inventory(body, "data", "weekly", CHANNELS)
    assert json.dumps(body) == before


def test_the_schema_names_every_field() -> None:
    schemas = body_schema()
    assert set(schemas["InventoryRequest"]["properties"]) == set(body_of(samples.inventory()))
    assert schemas["InventoryRequest"]["required"] == ["configuration"]
