"""Whatever we do, and in whatever order, the statements of others mean what they meant.

In come policies of others, drawn at random, and a sequence of our operations, through the flows themselves.
After each of them the stand-in's judge, which shares no code with the application, is asked for every
principal, action and resource that occurs: what we do not grant is as it was, and what others say is still
said, word for word. Where there was no policy, nobody of the organization may do less than before.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.platform.judge import Request, Rules, allowed
from tests.policies_of_others import policies
from tests.proofs import count
from tests.quick_folder import quick_folder
from tests.unit.others_site import (
    ANN,
    BUCKETS,
    EVE,
    NAMES,
    ORG,
    PREFIXES,
    PRINCIPALS,
    OthersSite,
    sids_of_ours,
)

ORGANIZATION = [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]
USUAL_ACTIONS = (
    "s3:GetObject",
    "s3:PutObject",
    "s3:AbortMultipartUpload",
    "s3:ListBucket",
    "s3:GetBucketPolicy",
)
USUAL_KEYS = ("inventory/manifest.json", "moved/x", "own/x")

Statement = dict[str, Any]
Operation = Callable[[OthersSite], None]

_theirs = {bucket: st.none() | policies(bucket, PRINCIPALS, ORG, most=3) for bucket in BUCKETS}
_OURS = sids_of_ours()
_which = st.sampled_from(NAMES)
_operations: st.SearchStrategy[tuple[str, Operation]] = st.one_of(
    st.tuples(st.just("apply"), st.builds(OthersSite.apply, _which, st.booleans())),
    st.tuples(st.just("change"), st.builds(OthersSite.move, _which, st.sampled_from(PREFIXES[1:]))),
    st.tuples(st.just("remove"), st.builds(OthersSite.remove, _which)),
    st.tuples(st.just("adopt"), st.builds(OthersSite.take_over, _which)),
    st.tuples(st.just("restore"), st.builds(OthersSite.put_back, _which, st.integers(1, 6))),
    st.tuples(st.just("repair"), st.builds(OthersSite.spoil, st.sampled_from(BUCKETS))),
)


def statements(text: str | None) -> list[Statement]:
    """The statements of a policy text, as a list."""
    found = json.loads(text or '{"Statement": []}')["Statement"]
    return found if isinstance(found, list) else [found]


def judged(text: str | None, question: Request) -> bool:
    """What the judge says; without a policy the service is taken as free to write."""
    document = None if text is None else json.loads(text)
    return allowed(question, ORGANIZATION, document, Rules(service_needs_policy=False)).allowed


def questions(*texts: str | None) -> Iterator[Request]:
    """Every principal, action and resource that occurs in the policies, and the usual ones, all with all."""
    found: dict[str, set[str]] = {
        "Principal": set(PRINCIPALS),
        "Action": set(USUAL_ACTIONS),
        "Resource": {f"arn:aws:s3:::reports/{key}" for key in USUAL_KEYS},
    }
    for statement in itertools.chain(*(statements(each) for each in texts)):
        for name, values in found.items():
            values.update(_texts(statement.get(name, statement.get(f"Not{name}"))))
    for principal, action, resource in itertools.product(*(sorted(values) for values in found.values())):
        yield Request(principal, action, resource, {"aws:SecureTransport": ("true",)})


def _texts(element: Any) -> Iterator[str]:
    if isinstance(element, dict):
        element = list(itertools.chain(*(_texts(each) for each in element.values())))
    yield from [element] if isinstance(element, str) else element or ()


@settings(max_examples=100)
@given(st.fixed_dictionaries(_theirs), st.lists(_operations, min_size=1, max_size=7))
def test_whatever_we_do_others_keep_what_they_had(
    theirs: dict[str, str | None], operations: list[tuple[str, Operation]]
) -> None:
    with quick_folder() as folder:
        site = OthersSite(folder / "state.db", theirs)
        try:
            for _name, operation in operations:
                operation(site)
                for bucket, before in theirs.items():
                    _is_as_it_was(site, bucket, before)
            count("operations among policies of others", len(operations))
        finally:
            site.close()


def _is_as_it_was(site: OthersSite, bucket: str, before: str | None) -> None:
    after = site.buckets.latest_policy(bucket)
    ours = [each for each in statements(after) if each.get("Sid", "") in _OURS]
    rest = [each for each in statements(after) if each not in ours]
    assert [json.dumps(each) for each in rest] == [json.dumps(each) for each in statements(before)]
    for question in questions(before, after):
        if before is None:
            assert question.organization != ORG or judged(after, question)
        elif judged(after, question) != judged(before, question):
            assert judged(json.dumps({"Statement": ours}), question)


def test_the_proof_can_fail() -> None:
    with quick_folder() as folder:
        site = OthersSite(folder / "state.db", {**dict.fromkeys(BUCKETS), "reports": _policy_of(ANN)})
        try:
            site.buckets.write("reports", _policy_of(EVE))
            try:
                _is_as_it_was(site, "reports", _policy_of(ANN))
            except AssertionError:
                return
            raise AssertionError("a policy that somebody else replaced was taken for what it was")
        finally:
            site.close()


def _policy_of(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"CW": principal}, "Action": "s3:*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
