"""A configuration made by somebody else: the same in Stocktake's words, or refused by name."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.inventory import configuration_differences
from chalicelib.core.platform_document import configuration_of
from chalicelib.errors import Refused
from tests.samples import configuration

TARGET = ("Destination", "S3BucketDestination")


def document(*place: str, **changes: Any) -> dict[str, Any]:
    """The usual document as the platform answers it, with these elements at a place; None takes one away."""
    found = configuration().s3_document()
    inner = found
    for name in place:
        inner = inner[name]
    inner.update(changes)
    for name in [name for name, value in changes.items() if value is None]:
        del inner[name]
    return found


@pytest.mark.parametrize(
    "spelled",
    [
        document(),
        document(IncludedObjectVersions="Latest"),
        document(OptionalFields=["Size", "LastAccessedDate"]),
        document(*TARGET, Bucket="reports"),
        document(*TARGET, Prefix="inventory"),
        document(*TARGET, Prefix="inventory/"),
    ],
)
def test_every_spelling_is_the_same_configuration(spelled: dict[str, Any]) -> None:
    assert configuration_of(spelled) == configuration()


def test_what_is_left_out_is_nothing() -> None:
    bare = document(OptionalFields=None, Filter=None)
    del bare["Destination"]["S3BucketDestination"]["Prefix"]
    assert configuration_of(bare) == configuration(optional_fields=(), filter_prefix=None, report_prefix="")
    assert configuration_of(document("Filter", Prefix="")).filter_prefix is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (document(*TARGET, AccountId="1"), "/Destination/S3BucketDestination/AccountId is an element"),
        (document(*TARGET, Encryption={"SSES3": {}}), "/Destination/S3BucketDestination/Encryption is an"),
        (document("Filter", Tags=[]), "/Filter/Tags is an element that it does not know"),
        (document(Owner="x" * 500), "/Owner is an element"),
        (
            document(*TARGET, Format="Avro"),
            "/Destination/S3BucketDestination/Format is Avro, and it knows CSV",
        ),
        (document(*TARGET, Format=None), "/Destination/S3BucketDestination/Format is None"),
        (document("Schedule", Frequency="Hourly"), "/Schedule/Frequency is Hourly"),
        (document(Schedule=None), "/Schedule/Frequency is None"),
        (
            document(IncludedObjectVersions="Some"),
            "/IncludedObjectVersions is Some, and it knows All, Current",
        ),
        (document(IsEnabled="yes"), "/IsEnabled has to be true or false"),
        (document(OptionalFields=["Size", "BucketKeyStatus"]), "/OptionalFields is BucketKeyStatus"),
        (document(*TARGET, Bucket="My_Bucket\n"), r"/Destination/S3BucketDestination/Bucket is My_Bucket\\n"),
        (document(*TARGET, Bucket=None), "/Destination/S3BucketDestination/Bucket is missing"),
        (document(*TARGET, Prefix="a*b"), "Prefix must not have"),
        (document(*TARGET, Prefix="a/../b"), "Prefix must not have .. as a part"),
        (document("Filter", Prefix="a\x00"), "/Filter/Prefix must not have control characters"),
        (document(Id="a b"), "/Id an id has"),
        (document(Id=None), "/Id is missing"),
        (document(Destination=None), "Bucket is missing"),
        ({}, "/IsEnabled has to be"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(found: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match="Change the configuration on the platform first") as raised:
        configuration_of(found)
    assert words.replace("\\\\", "\\") in str(raised.value)
    assert len(str(raised.value)) < 2_000


def test_everything_that_cannot_be_said_is_named_at_once() -> None:
    found = document(*TARGET, AccountId="1", Format="Avro")
    with pytest.raises(Refused, match=r"AccountId.*Format is Avro"):
        configuration_of(found)


@given(
    enabled=st.booleans(),
    versions=st.sampled_from(["All", "Current", "Latest"]),
    frequency=st.sampled_from(["Daily", "Weekly"]),
    format=st.sampled_from(["CSV", "TSV", "JSON", "ORC", "Parquet"]),
    prefix=st.none() | st.text(st.sampled_from("ab/- é"), max_size=8),
    scope=st.none() | st.text(st.sampled_from("ab/*$é"), max_size=8),
    fields=st.lists(st.sampled_from(["Size", "ETag", "LastAccessedDate"]), unique=True),
    head=st.sampled_from(["", "arn:aws:s3:::"]),
)
def test_what_is_taken_over_never_differs_from_what_is_there(
    enabled: bool,
    versions: str,
    frequency: str,
    format: str,
    prefix: str | None,
    scope: str | None,
    fields: list[str],
    head: str,
) -> None:
    target = {"Bucket": f"{head}reports", "Format": format} | ({} if prefix is None else {"Prefix": prefix})
    found: dict[str, Any] = {
        "Id": "daily",
        "IsEnabled": enabled,
        "IncludedObjectVersions": versions,
        "Schedule": {"Frequency": frequency},
        "Destination": {"S3BucketDestination": target},
    }
    found |= {"OptionalFields": fields} if fields else {}
    found |= {} if scope is None else {"Filter": {"Prefix": scope}}

    said = configuration_of(found)

    assert configuration_differences(said.document(), found) == ()
    assert configuration_differences(said.s3_document(), found) == ()
