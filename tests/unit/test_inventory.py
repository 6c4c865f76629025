"""What was asked, in both directions: names, prefixes, and the S3 document."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.difference import Difference
from chalicelib.core.inventory import (
    bucket_name_problem,
    bucket_of,
    configuration_differences,
    id_problem,
    normalised,
    tidy_prefix,
)
from tests.unit.wanted import configuration, inventory


@pytest.mark.parametrize(
    "name", ["abc", "a1-b2", "0-0", "a" * 63, "internal", "int-1", "a--b", "xn-a", "cwx"]
)
def test_these_are_bucket_names(name: str) -> None:
    assert bucket_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "3 to 63"),
        ("ab", "3 to 63"),
        ("a" * 64, "3 to 63"),
        ("-ab", "begins and ends"),
        ("ab-", "begins and ends"),
        ("Abc", "a-z, 0-9"),
        ("a.b", "a-z, 0-9"),
        ("a_b", "a-z, 0-9"),
        ("a/b", "a-z, 0-9"),
        ("abc\n", "a-z, 0-9"),
        ("büro", "a-z, 0-9"),
        ("ab٣", "a-z, 0-9"),
        ("xn--abc", "xn--"),
        ("cw-abc", "cw-"),
        ("vip-abc", "vip-"),
        ("log-stitcher-ch-1", "log-stitcher-ch-"),
        ("int", "reserved"),
    ],
)
def test_these_are_no_bucket_names_and_the_reason_is_said(name: str, words: str) -> None:
    assert words in str(bucket_name_problem(name))


@pytest.mark.parametrize("name", ["a", "daily", "A.b_c-9", "...", "x" * 64])
def test_these_are_ids(name: str) -> None:
    assert id_problem(name) is None


@pytest.mark.parametrize("name", ["", ".", "..", "a b", "a/b", "ä", "a\n", "x" * 65, "a%2Fb"])
def test_these_are_no_ids(name: str) -> None:
    assert id_problem(name) is not None


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("reports", "reports"),
        ("arn:aws:s3:::reports", "reports"),
        ("arn:aws:sns:::reports", "arn:aws:sns:::reports"),
    ],
)
def test_a_bucket_is_given_by_name_or_by_arn(given_name: str, name: str) -> None:
    assert bucket_of(given_name) == name


@pytest.mark.parametrize(
    ("prefix", "tidy"),
    [
        ("", ""),
        ("/", ""),
        ("//", ""),
        ("a", "a/"),
        ("a/", "a/"),
        ("a//", "a/"),
        ("a/b", "a/b/"),
        ("/a", "/a/"),
    ],
)
def test_a_report_prefix_is_empty_or_ends_with_one_slash(prefix: str, tidy: str) -> None:
    assert tidy_prefix(prefix) == tidy


@given(st.text(alphabet="ab/"))
def test_tidying_twice_is_tidying_once(prefix: str) -> None:
    assert tidy_prefix(tidy_prefix(prefix)) == tidy_prefix(prefix)


def test_the_document_is_the_one_that_s3_takes() -> None:
    document = configuration(filter_prefix="2026/").s3_document()
    assert document == {
        "Id": "daily",
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "Schedule": {"Frequency": "Daily"},
        "Destination": {
            "S3BucketDestination": {"Bucket": "arn:aws:s3:::reports", "Format": "CSV", "Prefix": "inventory/"}
        },
        "Filter": {"Prefix": "2026/"},
        "OptionalFields": ["LastAccessedDate", "Size"],
    }


@pytest.mark.parametrize(
    "empty", [{"optional_fields": ()}, {"filter_prefix": None}, {"filter_prefix": ""}, {"report_prefix": ""}]
)
def test_what_is_empty_is_left_out_of_the_document(empty: dict[str, Any]) -> None:
    text = json.dumps(configuration(**empty).document())
    left_out = {"optional_fields": "OptionalFields", "filter_prefix": "Filter"}
    (field,) = empty
    assert (left_out.get(field) or '"inventory/"') not in text


def test_the_kept_document_names_the_bucket_and_the_sent_one_its_arn() -> None:
    kept, sent = configuration().document(), configuration().s3_document()
    assert kept["Destination"]["S3BucketDestination"]["Bucket"] == "reports"
    assert sent["Destination"]["S3BucketDestination"]["Bucket"] == "arn:aws:s3:::reports"
    assert normalised(sent) == normalised(kept)


def test_the_name_of_an_inventory_is_its_bucket_and_id() -> None:
    asked = inventory("photos", id="weekly")
    assert (asked.id, asked.name) == ("weekly", "photos/weekly")


def _with(**changes: Any) -> dict[str, Any]:
    document = configuration().document()
    return {key: value for key, value in (document | changes).items() if value is not None}


def _to(**changes: Any) -> dict[str, Any]:
    target = configuration().document()["Destination"]["S3BucketDestination"] | changes
    return _with(Destination={"S3BucketDestination": {k: v for k, v in target.items() if v is not None}})


@pytest.mark.parametrize(
    "other",
    [
        _with(),
        _with(IncludedObjectVersions="Latest"),
        _with(OptionalFields=["Size", "LastAccessedDate"]),
        _with(Filter={}),
        _with(Filter={"Prefix": ""}),
        _to(Bucket="arn:aws:s3:::reports"),
        _to(Prefix="inventory"),
        _to(Prefix="inventory//"),
    ],
)
def test_spellings_of_the_same_meaning_are_no_difference_either_way(other: dict[str, Any]) -> None:
    wanted = configuration().document()
    assert configuration_differences(wanted, other) == ()
    assert configuration_differences(other, wanted) == ()


@pytest.mark.parametrize("empty", [_with(OptionalFields=[]), _with(OptionalFields=None)])
def test_no_optional_fields_are_the_same_as_an_absent_list(empty: dict[str, Any]) -> None:
    assert configuration_differences(configuration(optional_fields=()).document(), empty) == ()


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (_with(Id="other"), Difference("/configuration/Id", "daily", "other")),
        (_with(IsEnabled=False), Difference("/configuration/IsEnabled", True, False)),
        (
            _with(IncludedObjectVersions="All"),
            Difference("/configuration/IncludedObjectVersions", "Current", "All"),
        ),
        (
            _with(Schedule={"Frequency": "Weekly"}),
            Difference("/configuration/Schedule/Frequency", "Daily", "Weekly"),
        ),
        (_with(Filter={"Prefix": "a/"}), Difference("/configuration/Filter/Prefix", None, "a/")),
        (
            _with(OptionalFields=["Size"]),
            Difference("/configuration/OptionalFields", ["LastAccessedDate", "Size"], ["Size"]),
        ),
        (
            _with(OptionalFields=None),
            Difference("/configuration/OptionalFields", ["LastAccessedDate", "Size"], None),
        ),
        (
            _to(Bucket="elsewhere"),
            Difference("/configuration/Destination/S3BucketDestination/Bucket", "reports", "elsewhere"),
        ),
        (
            _to(Format="ORC"),
            Difference("/configuration/Destination/S3BucketDestination/Format", "CSV", "ORC"),
        ),
        (
            _to(Prefix="x/"),
            Difference("/configuration/Destination/S3BucketDestination/Prefix", "inventory/", "x/"),
        ),
        (
            _to(Prefix=None),
            Difference("/configuration/Destination/S3BucketDestination/Prefix", "inventory/", None),
        ),
        (
            _to(AccountId="1"),
            Difference("/configuration/Destination/S3BucketDestination/AccountId", None, "1"),
        ),
        (_with(Unknown={"a": 1}), Difference("/configuration/Unknown/a", None, 1)),
    ],
    ids=lambda value: value.path if isinstance(value, Difference) else "",
)
def test_every_field_that_differs_is_told_by_its_path(other: dict[str, Any], difference: Difference) -> None:
    assert configuration_differences(configuration().document(), other) == (difference,)


@given(
    st.builds(
        configuration,
        enabled=st.booleans(),
        versions=st.sampled_from(["All", "Current"]),
        frequency=st.sampled_from(["Daily", "Weekly"]),
        format=st.sampled_from(["CSV", "TSV", "JSON", "ORC", "Parquet"]),
        report_prefix=st.text(alphabet="ab/", max_size=6).map(tidy_prefix),
        filter_prefix=st.none() | st.text(max_size=6),
        optional_fields=st.sets(st.sampled_from(["ETag", "Size", "StorageClass"])).map(
            lambda each: tuple(sorted(each))
        ),
    )
)
def test_every_configuration_goes_through_both_documents_and_stays_the_same(made: Any) -> None:
    assert configuration_differences(made.document(), json.loads(json.dumps(made.s3_document()))) == ()
    assert normalised(made.s3_document()) == made.document()
    assert normalised(normalised(made.s3_document())) == normalised(made.s3_document())


def test_normalising_leaves_the_given_document_as_it_was() -> None:
    given_document = _to(Bucket="arn:aws:s3:::reports", Prefix="inventory")
    before = json.dumps(given_document)
    normalised(given_document)
    assert json.dumps(given_document) == before
