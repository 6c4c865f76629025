"""The documents that the stand-in checks: bucket policies, inventory configurations, bucket names, XML."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from local.platform import Options
from local.platform.buckets import is_bucket_name
from local.platform.configuration import as_element, from_document, read_configuration, xml
from local.platform.policies import check_policy
from local.platform.refusals import Refusal
from local.platform.xmltext import parse

GRANT = {
    "Sid": "Grant1",
    "Effect": "Allow",
    "Principal": {"CW": ["arn:aws:iam::ORG:coreweave/ann"]},
    "Action": ["s3:GetObject"],
    "Resource": ["arn:aws:s3:::photos/*"],
}
WHOLE = """<InventoryConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Destination><S3BucketDestination>
    <Bucket>arn:aws:s3:::reports</Bucket><Format>CSV</Format><Prefix>inventory</Prefix>
  </S3BucketDestination></Destination>
  <IsEnabled>true</IsEnabled><Filter><Prefix>a/</Prefix></Filter><Id>daily</Id>
  <IncludedObjectVersions>Current</IncludedObjectVersions>
  <OptionalFields><Field>Size</Field><Field>LastAccessedDate</Field></OptionalFields>
  <Schedule><Frequency>Daily</Frequency></Schedule>
</InventoryConfiguration>"""


def policy(**changes: Any) -> str:
    """The text of a good policy with one statement; None takes an element of the statement away."""
    statement = {name: value for name, value in (GRANT | changes).items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, ensure_ascii=False)


def refusal_of(text: str, options: Options | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_policy(text, "photos", options or Options())
    return caught.value


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"Sid": None},
        {"Principal": "*"},
        {"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::ORG:coreweave/ann"}},
        {"Action": None, "NotAction": "s3:*"},
        {"Resource": "arn:aws:s3:::photos"},
        {"Resource": "arn:aws:s3:::pho*"},
        {"Condition": {"Bool": {"aws:SecureTransport": False}}},
        {"Comment": "IAM does not know me"},
    ],
)
def test_good_policies_are_taken(changes: dict[str, Any]) -> None:
    check_policy(policy(**changes), "photos", Options())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_00,
        json.dumps({"Statement": [GRANT]}),
        json.dumps({"Version": "2012-10-17"}),
        json.dumps({"Version": "2012-10-17", "Statement": []}),
        json.dumps({"Version": "2012-10-17", "Statement": ["x"]}),
        policy(Sid="has spaces"),
        policy(Sid=1),
        policy(Effect="allow"),
        policy(Effect=None),
        policy(Principal=None),
        policy(Principal={}),
        policy(Principal={"CW": "ann"}),
        policy(Principal={"Service": "s3.amazonaws.com"}),
        policy(Principal="arn:aws:iam::ORG:coreweave/ann"),
        policy(Action=None),
        policy(Action=[]),
        policy(Action="GetObject"),
        policy(Action="s3:GetObject", NotAction="s3:PutObject"),
        policy(Resource=None),
        policy(Resource="arn:aws:s3:::other/*"),
        policy(Resource="photos/*"),
        policy(Condition={"StringSame": {"a": "b"}}),
        policy(Condition=[]),
    ],
)
def test_what_is_no_policy_for_this_bucket_is_malformed(text: str) -> None:
    assert (refusal_of(text).code, refusal_of(text).status) == ("MalformedPolicy", 400)


def test_the_size_limit_is_in_bytes_and_includes_the_last_one() -> None:
    text = policy(Principal={"CW": "arn:aws:iam::ORG:coreweave/ännchen"})
    check_policy(text, "photos", Options(policy_bytes=len(text.encode())))
    assert refusal_of(text, Options(policy_bytes=len(text.encode()) - 1)).code == "PolicyTooLarge"


def test_duplicate_sids_are_taken_unless_told_otherwise() -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": [GRANT, GRANT]})
    check_policy(text, "photos", Options())
    assert refusal_of(text, Options(duplicate_sids_refused=True)).code == "MalformedPolicy"


def test_a_configuration_is_read_and_answered_as_it_was_put() -> None:
    found = read_configuration(WHOLE.encode(), "daily", Options())
    assert found.destination == "reports"
    assert from_document(found.document()) == found
    assert read_configuration(xml(as_element(found)), "daily", Options()) == found


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Current", "Latest", "InvalidArgument"),
        ("Current", "current", "InvalidArgument"),
        (">CSV<", ">csv<", "InvalidArgument"),
        ("Daily", "daily", "InvalidArgument"),
        ("LastAccessedDate", "Owner", "InvalidArgument"),
        (">daily<", ">weekly<", "InvalidArgument"),
        ("arn:aws:s3:::reports", "", "InvalidArgument"),
        ("<Field>Size</Field><Field>LastAccessedDate</Field>", "", "MalformedXML"),
        (">true<", ">True<", "MalformedXML"),
        ("<Schedule><Frequency>Daily</Frequency></Schedule>", "", "MalformedXML"),
        ("<Id>daily</Id>", "<Id>daily</Id><Owner/>", "MalformedXML"),
        ("<Id>daily</Id>", "<Id>daily</Id><Id>daily</Id>", "MalformedXML"),
        ("</InventoryConfiguration>", "", "MalformedXML"),
    ],
)
def test_each_field_of_a_configuration_is_checked(old: str, new: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_configuration(WHOLE.replace(old, new).encode(), "daily", Options())
    assert (caught.value.code, caught.value.status) == (code, 400)


def test_an_id_with_other_characters_is_refused() -> None:
    with pytest.raises(Refusal, match="letters, digits"):
        read_configuration(WHOLE.replace(">daily<", ">a b<").encode(), "a b", Options())


def test_latest_is_taken_when_told_so() -> None:
    text = WHOLE.replace("Current", "Latest").encode()
    assert read_configuration(text, "daily", Options(latest_refused=False)).versions == "Latest"


def test_the_server_adds_a_slash_to_the_prefix_when_told_so() -> None:
    assert read_configuration(WHOLE.encode(), "daily", Options()).prefix == "inventory"
    assert read_configuration(WHOLE.encode(), "daily", Options(adds_slash=True)).prefix == "inventory/"


@pytest.mark.parametrize("name", ["abc", "a-b-1", "x" * 63, "integer", "1-2"])
def test_bucket_names_that_are_taken(name: str) -> None:
    assert is_bucket_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "x" * 64,
        "a.b",
        "Abc",
        "-abc",
        "abc-",
        "a_b",
        "xn--abc",
        "cw-abc",
        "vip-abc",
        "log-stitcher-ch-a",
        "int",
        "abc\n",
    ],
)
def test_bucket_names_that_are_refused(name: str) -> None:
    assert not is_bucket_name(name)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        b"<a>" + b"x" * 5_000_000 + b"</a>",
        b"<b/>",
        b"<a>\xff</a>",
        b"",
    ],
)
def test_hostile_xml_is_malformed(body: bytes) -> None:
    with pytest.raises(Refusal, match="MalformedXML"):
        parse(body, "a")


def test_an_error_body_is_good_xml_whatever_was_asked_for() -> None:
    body = Refusal("NoSuchKey", "no \x00 such <key>").xml('/photos/<&\x01">')
    assert ElementTree.fromstring(body).findtext("Code") == "NoSuchKey"
