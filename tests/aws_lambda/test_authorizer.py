"""The authorizer's function in the package: who asks, by the secret in Secrets Manager."""

import base64

from bench.events import authorization
from tests.app.asking import READ_TOKEN, WRITE_TOKEN
from tests.aws_lambda.running import Functions

BASIC = base64.b64encode(f"anybody:{READ_TOKEN}".encode()).decode()


GOOD = {
    f"Bearer {WRITE_TOKEN}": ("ops", "write"),
    f"Bearer {READ_TOKEN}": ("eyes", "read"),
    f"Basic {BASIC}": ("eyes", "read"),
}
BAD = (f"Bearer {WRITE_TOKEN}x", "Bearer", "", f"Digest {WRITE_TOKEN}", f"Basic {WRITE_TOKEN}")


def test_a_good_token_opens_the_whole_api_with_its_scope(functions: Functions) -> None:
    """API Gateway keeps the answer for a minute, for all routes."""
    ran = functions.run("app.token", *(authorization(each) for each in GOOD))
    assert [each.kind for each in ran.outcomes] == ["response"] * len(GOOD)
    for outcome, (name, scope) in zip(ran.outcomes, GOOD.values(), strict=True):
        answer = outcome.content
        assert (answer["principalId"], answer["context"]) == (name, {"scope": scope})
        (statement,) = answer["policyDocument"]["Statement"]
        assert (statement["Effect"], statement["Action"]) == ("Allow", "execute-api:Invoke")
        assert [each.split("/", 1)[1] for each in statement["Resource"]] == ["api/*/*"]


def test_any_other_opens_nothing(functions: Functions) -> None:
    ran = functions.run("app.token", *(authorization(each) for each in BAD))
    for outcome in ran.outcomes:
        assert (outcome.kind, outcome.content["context"]) == ("response", {})
        assert outcome.content["policyDocument"]["Statement"][0]["Resource"] == []
    assert not ran.log
