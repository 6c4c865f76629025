"""What a function does where it cannot work: Lambda is told of an error, so that the alarm rings, and why.

Never by failing to be imported: an import error has no words of ours, and comes before any log of ours.
"""

import pytest

from bench.events import authorization, request, tick
from tests.app.asking import WRITE_TOKEN
from tests.aws_lambda.running import Functions

SCHEDULES = ("sweep", "deliver", "reconcile", "summarise")


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_without_its_settings_is_an_error_that_names_them(functions: Functions, name: str) -> None:
    error = functions.run(f"app.{name}", tick(name), without="STOCKTAKE_ORG_ID").error
    assert error["errorType"] == "Misconfigured"
    assert "STOCKTAKE_ORG_ID" in error["errorMessage"]


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_without_its_table_is_an_error(functions: Functions, name: str) -> None:
    error = functions.run(f"app.{name}", tick(name), STOCKTAKE_STORE="dynamodb:not-there").error
    assert "not-there" in error["errorMessage"]


def test_the_next_tick_after_an_error_works(functions: Functions) -> None:
    """The same process goes on: what failed once is not remembered."""
    ran = functions.run("app.sweep", {"no": "tick"}, tick("sweep"))
    assert [each.kind for each in ran.outcomes] == ["error", "response"]


def test_a_request_without_settings_tells_a_stranger_nothing(functions: Functions) -> None:
    ran = functions.run("app.app", request("GET", "/health"), without="STOCKTAKE_ORG_ID")
    assert ran.answer["statusCode"] == 503
    assert "STOCKTAKE" not in ran.answer["body"]
    line = ran.line("cannot answer")
    assert (line["level"], "STOCKTAKE_ORG_ID" in line["reason"]) == ("ERROR", True)


@pytest.mark.parametrize(
    "changed", [{"without": "STOCKTAKE_ORG_ID"}, {"STOCKTAKE_SECRETS": "secretsmanager:no"}]
)
def test_where_no_token_can_be_checked_the_authorizer_fails(
    functions: Functions, changed: dict[str, str]
) -> None:
    """Nobody is let in, the alarm rings, and API Gateway keeps no answer for the next one who asks."""
    ran = functions.run("app.token", authorization(f"Bearer {WRITE_TOKEN}"), **changed)
    assert ran.error["errorType"] == "Misconfigured"
    assert '"message":"no token can be checked"' in "".join(ran.log)
