"""The secrets document in Secrets Manager: when it is asked for, and what each fault of it means."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.base import ExpirableValue
from moto import mock_aws

from chalicelib.adapters.aws_client import aws_client
from chalicelib.adapters.secrets import parse_secrets
from chalicelib.adapters.secrets_channels import USUAL_HOSTS
from chalicelib.adapters.secrets_manager import MAX_AGE, PAUSE, AwsSecrets
from chalicelib.errors import Misconfigured
from tests.contract.aws_surroundings import account_of_no_one
from tests.contract.canned_server import CannedServer, answer, fault

NAME = "stocktake-test"
CANARY = "canary-of-the-document"


def document(name: str = "ops") -> str:
    """A document with one token of this name."""
    token = {"name": name, "sha256": "ab" * 32, "scope": "write"}
    return json.dumps({"caios": {"access_key_id": "CWKEY", "secret_access_key": CANARY}, "tokens": [token]})


class Provider(SecretsProvider):
    """Powertools' provider, whose cache can be made older. `reads` counts what was asked of AWS."""

    def __init__(self) -> None:
        super().__init__(boto3_client=aws_client("secretsmanager", attempts=1))
        self.reads = 0
        self.client.meta.events.register("before-call.secretsmanager.GetSecretValue", self._count)

    def _count(self, **_: Any) -> None:
        self.reads += 1

    def grow_older(self, seconds: float) -> None:
        self.store = {
            key: ExpirableValue(kept.value, kept.ttl - timedelta(seconds=seconds))
            for key, kept in self.store.items()
        }


class Vault:
    """A secret on AWS, its provider, and the adapter under test, whose clock is `now`."""

    def __init__(self) -> None:
        self.provider = Provider()
        self.now = 0.0
        self.secrets = AwsSecrets(NAME, provider=lambda: self.provider, clock=lambda: self.now)

    def write(self, text: str) -> None:
        self.provider.client.put_secret_value(SecretId=NAME, SecretString=text)

    def complaint(self, *, fresh: bool = False) -> str:
        with pytest.raises(Misconfigured) as caught:
            self.secrets.read(fresh=fresh)
        return str(caught.value)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    account_of_no_one(monkeypatch)


@pytest.fixture
def vault() -> Iterator[Vault]:
    """A vault with a good document, on moto."""
    with mock_aws():
        made = Vault()
        made.provider.client.create_secret(Name=NAME, SecretString=document())
        yield made


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Vault]]:
    """A vault that gives these answers, byte for byte."""
    servers: list[CannedServer] = []

    def made(*answers: bytes) -> Vault:
        servers.append(CannedServer(answers).__enter__())
        monkeypatch.setenv("AWS_ENDPOINT_URL", servers[-1].url)
        return Vault()

    yield made
    for server in servers:
        server.__exit__(None, None, None)


def good(text: str) -> bytes:
    return answer("200 OK", json.dumps({"Name": NAME, "SecretString": text}).encode())


def test_the_document_is_read_parsed_and_kept(vault: Vault) -> None:
    first = vault.secrets.read()
    assert first == parse_secrets(document(), USUAL_HOSTS)
    assert vault.secrets.read() is first
    assert vault.provider.reads == 1


def test_nothing_is_asked_before_the_first_read(vault: Vault) -> None:
    def bomb() -> SecretsProvider:
        raise AssertionError("made too early")

    AwsSecrets(NAME, provider=bomb)
    assert vault.provider.reads == 0


def test_a_secret_of_bytes_is_a_document_too(vault: Vault) -> None:
    vault.provider.client.put_secret_value(
        SecretId=NAME, SecretBinary=b"\xef\xbb\xbf" + document("b").encode()
    )
    assert vault.secrets.read().tokens[0].name == "b"


def test_after_a_minute_it_is_read_again_and_parsed_only_where_it_changed(vault: Vault) -> None:
    first = vault.secrets.read()
    vault.provider.grow_older(MAX_AGE - 1)
    vault.secrets.read()
    assert vault.provider.reads == 1
    vault.provider.grow_older(1)
    assert vault.secrets.read() is first
    assert vault.provider.reads == 2
    vault.write(document("other"))
    assert vault.secrets.read() is first
    vault.provider.grow_older(MAX_AGE)
    assert vault.secrets.read().tokens[0].name == "other"


def test_a_fresh_read_is_past_the_cache_and_renews_it(vault: Vault) -> None:
    vault.secrets.read()
    vault.write(document("other"))
    assert vault.secrets.read(fresh=True).tokens[0].name == "other"
    assert vault.secrets.read().tokens[0].name == "other"
    assert vault.provider.reads == 2


def test_a_missing_secret_is_told_with_its_region_and_what_to_create() -> None:
    with mock_aws():
        said = Vault().complaint()
    assert said.startswith(f"There is no secret {NAME} with a value in AWS Secrets Manager in eu-central-1. ")
    assert '"caios": {"access_key_id"' in said


def test_a_secret_that_is_being_deleted_may_be_restored(vault: Vault) -> None:
    vault.provider.client.delete_secret(SecretId=NAME)
    assert "is being deleted" in vault.complaint()
    vault.provider.client.restore_secret(SecretId=NAME)
    assert vault.secrets.read().tokens[0].name == "ops"


def test_a_document_that_will_not_do_is_told_with_its_secret_and_a_good_one_heals_it_at_once(
    vault: Vault,
) -> None:
    vault.write("{}")
    assert vault.complaint() == f"The secrets document in the secret {NAME} will not do: /caios: is missing"
    vault.write(document())
    assert vault.secrets.read().tokens[0].name == "ops"


def test_a_document_that_went_bad_is_not_covered_up_by_the_last_good_one(vault: Vault) -> None:
    vault.secrets.read()
    vault.write("{" + CANARY)
    assert "is not JSON" in vault.complaint(fresh=True)
    assert "is not JSON" in vault.complaint()
    vault.write(document("other"))
    assert vault.secrets.read().tokens[0].name == "other"


def test_a_secret_that_went_away_shuts_everybody_out(vault: Vault) -> None:
    vault.secrets.read()
    vault.provider.client.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    assert "There is no secret" in vault.complaint(fresh=True)
    assert "There is no secret" in vault.complaint()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AccessDeniedException", "allow secretsmanager:GetSecretValue"),
        ("DecryptionFailure", "kms:Decrypt"),
        ("UnrecognizedClientException", "look at AWS keys and region"),
        ("ExpiredTokenException", "look at AWS keys and region"),
    ],
)
def test_a_secret_that_may_not_be_read_is_told_with_what_to_allow(
    canned: Callable[..., Vault], code: str, words: str
) -> None:
    vault = canned(good(document()), fault("400 Bad Request", code, CANARY))
    vault.secrets.read()
    said = vault.complaint(fresh=True)
    assert f"({code}): " in said
    assert words in said
    assert CANARY not in said


AWAY = {
    "throttled": fault("400 Bad Request", "ThrottlingException"),
    "too many": fault("429 Too Many Requests", "TooManyRequestsException"),
    "internal": fault("500 Internal Server Error", "InternalServiceError"),
    "gateway": answer("502 Bad Gateway", b"<html>"),
    "closed": b"",
}


@pytest.mark.parametrize("trouble", AWAY)
def test_the_last_good_document_is_used_while_secrets_manager_is_away(
    canned: Callable[..., Vault], trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    vault = canned(good(document()), AWAY[trouble], good(document("other")))
    first = vault.secrets.read()
    assert vault.secrets.read(fresh=True) is first
    assert "cannot be asked for stocktake-test now" in caplog.text
    vault.now = PAUSE - 0.1
    assert vault.secrets.read(fresh=True) is first
    assert vault.provider.reads == 2
    vault.now = PAUSE
    assert vault.secrets.read(fresh=True).tokens[0].name == "other"


@pytest.mark.parametrize("trouble", AWAY)
def test_without_a_good_document_it_is_misconfigured_until_secrets_manager_answers(
    canned: Callable[..., Vault], trouble: str
) -> None:
    vault = canned(AWAY[trouble], good(document()))
    said = vault.complaint()
    assert re.fullmatch(rf"AWS Secrets Manager cannot be asked for {NAME} now \(\w+\)\.", said)
    assert vault.complaint() == said
    assert vault.provider.reads == 1
    vault.now = PAUSE
    assert vault.secrets.read().tokens[0].name == "ops"


def test_a_secret_without_a_value_is_misconfigured(canned: Callable[..., Vault]) -> None:
    vault = canned(answer("200 OK", json.dumps({"Name": NAME}).encode()))
    assert vault.complaint() == f"The secret {NAME} has neither text nor bytes in it."


@pytest.mark.parametrize("missing", ["AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID"])
def test_a_process_without_aws_is_misconfigured(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(Misconfigured, match="look at AWS keys and region"):
        AwsSecrets(NAME).read()


@pytest.mark.parametrize(
    "said",
    [
        good(document()[:-10]),
        good(json.dumps({"caios": CANARY})),
        answer("200 OK", ('{"SecretString": "' + CANARY).encode()),
        answer("200 OK", json.dumps({"Else": CANARY}).encode()),
        fault("400 Bad Request", "InvalidParameterException", CANARY),
        fault("500 Internal Server Error", "InternalServiceError", CANARY),
    ],
)
def test_nothing_of_an_answer_is_told(
    canned: Callable[..., Vault], said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    vault = canned(said)
    with pytest.raises(Misconfigured) as caught, caplog.at_level(logging.INFO):
        vault.secrets.read()
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__) + caplog.text
    assert CANARY not in told


def test_nothing_of_the_document_is_logged_however_much_is(
    canned: Callable[..., Vault], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        canned(good(document())).secrets.read()
    assert CANARY not in caplog.text
    assert not [each for each in caplog.records if each.levelno >= logging.INFO]
