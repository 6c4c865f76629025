"""The settings: each variable good and bad, and every problem named at once."""

from datetime import timedelta

import pytest

from chalicelib.core.prices import parse_prices
from chalicelib.errors import Misconfigured
from chalicelib.setting_checks import Place
from chalicelib.settings import VARIABLES, Settings, read_settings

NEEDED = {"STOCKTAKE_ORG_ID": "my-org", "STOCKTAKE_PRINCIPAL": "arn:aws:iam::my-org:coreweave/app"}

ARN = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:stocktake-prod-AbCdEf"
QUEUE = "https://sqs.eu-central-1.amazonaws.com/111111111111/stocktake-prod-tasks"
HOSTS = ("hooks.slack.com", "127.0.0.1", "::1", "proxy.example")


def read(**changes: str) -> Settings:
    return read_settings({**NEEDED, **{f"STOCKTAKE_{name}": value for name, value in changes.items()}})


def refused(**changes: str) -> str:
    with pytest.raises(Misconfigured) as raised:
        read(**changes)
    return str(raised.value)


def test_only_two_must_be_set() -> None:
    settings = read()
    assert settings.store == Place("sqlite", ".local/stocktake.db")
    assert settings.secrets == Place("file", ".local/secrets.json")
    assert (settings.endpoint_url, settings.addressing) == ("https://cwobject.com", "virtual")
    assert (settings.deployment.organization, settings.mail) == ("my-org", "")
    assert (settings.slack_hosts, settings.webhook_hosts) == (("hooks.slack.com",), ())
    times = settings.times
    assert (times.sweep, times.drift) == (timedelta(minutes=5), timedelta(hours=1))
    assert (times.pending, times.day) == (timedelta(hours=2), timedelta(days=1))
    assert (settings.keep, settings.metrics, settings.tracing) == (timedelta(days=400), False, False)
    assert (settings.tasks, settings.task_bytes) == (Place("sqlite", ".local/tasks.db"), 256 * 1024**2)
    assert (settings.summary_wait, settings.prefix_depth) == (timedelta(minutes=10), 2)


@pytest.mark.parametrize(
    ("name", "value", "attribute", "expected"),
    [
        ("STORE", "sqlite:/var/lib/a b.db", "store", Place("sqlite", "/var/lib/a b.db")),
        ("STORE", "sqlite:a:b", "store", Place("sqlite", "a:b")),
        ("STORE", "dynamodb:stocktake-prod_1.a", "store", Place("dynamodb", "stocktake-prod_1.a")),
        ("SECRETS", "file:secrets.json", "secrets", Place("file", "secrets.json")),
        ("SECRETS", "secretsmanager:team/stocktake", "secrets", Place("secretsmanager", "team/stocktake")),
        ("SECRETS", f"secretsmanager:{ARN}", "secrets", Place("secretsmanager", ARN)),
        ("ENDPOINT_URL", "http://127.0.0.1:9000/", "endpoint_url", "http://127.0.0.1:9000"),
        ("ENDPOINT_URL", "http://[::1]:9000", "endpoint_url", "http://[::1]:9000"),
        ("ENDPOINT_URL", "  https://cwobject.com ", "endpoint_url", "https://cwobject.com"),
        ("ADDRESSING", "path", "addressing", "path"),
        ("MAIL", "smtps://mail.example.com", "mail", "smtps://mail.example.com"),
        ("MAIL", "ses", "mail", "ses"),
        ("MAIL_FROM", "stocktake@example.com", "mail_from", "stocktake@example.com"),
        ("URL", " https://stocktake.example.com/api/ ", "url", "https://stocktake.example.com/api"),
        ("URL", "http://[::1]:8000", "url", "http://[::1]:8000"),
        ("URL", "", "url", ""),
        ("SLACK_HOSTS", "hooks.slack.com, 127.0.0.1,::1, Proxy.Example", "slack_hosts", HOSTS),
        (
            "WEBHOOK_HOSTS",
            "127.0.0.1, Pipeline.Internal",
            "webhook_hosts",
            ("127.0.0.1", "pipeline.internal"),
        ),
        ("STORE", " ", "store", Place("sqlite", ".local/stocktake.db")),
        ("KEEP_DAYS", "1", "keep", timedelta(days=1)),
        ("KEEP_DAYS", "36500", "keep", timedelta(days=36500)),
        ("TASKS", "off", "tasks", None),
        ("TASKS", "sqlite:/var/lib/tasks.db", "tasks", Place("sqlite", "/var/lib/tasks.db")),
        ("TASKS", f"sqs:{QUEUE}", "tasks", Place("sqs", QUEUE)),
        (
            "TASKS",
            "sqs:http://127.0.0.1:4566/0/tasks",
            "tasks",
            Place("sqs", "http://127.0.0.1:4566/0/tasks"),
        ),
        ("SUMMARY_WAIT_SECONDS", "1", "summary_wait", timedelta(seconds=1)),
        ("PREFIX_DEPTH", "5", "prefix_depth", 5),
        ("TASK_BYTES", "1", "task_bytes", 1),
        ("TASK_BYTES", "10737418240", "task_bytes", 10 * 1024**3),
        ("PRICES", "EUR 2026-01-01 hot=1", "prices", parse_prices("EUR 2026-01-01 hot=1")),
        ("METRICS", "emf", "metrics", True),
        ("METRICS", "off", "metrics", False),
        ("TRACING", "on", "tracing", True),
        ("TRACING", "off", "tracing", False),
    ],
)
def test_a_good_value_is_taken(name: str, value: str, attribute: str, expected: object) -> None:
    settings = read(**{"MAIL_FROM": "a@example.com", name: value})
    assert getattr(settings, attribute) == expected


@pytest.mark.parametrize("name", ["SWEEP", "DRIFT", "PENDING", "DAY"])
def test_times_are_seconds_from_one_up(name: str) -> None:
    settings = read(**{f"{name}_SECONDS": "1"})
    assert getattr(settings.times, name.lower()) == timedelta(seconds=1)
    for value in ("0", "-1", "1.5", "x", "1e3", "²", "1" * 5000, "10000000000", "+1"):
        assert f"STOCKTAKE_{name}_SECONDS" in refused(**{f"{name}_SECONDS": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("STORE", value) for value in ("stocktake.db", "sqlite:", "SQLITE:a", "dynamodb:", "dynamodb:ab")),
        *(("STORE", value) for value in ("dynamodb:a b", "dynamodb:arn:aws:x", "file:a", "dynamodb")),
        *(("SECRETS", value) for value in ("secrets.json", "file:", "secretsmanager:", "sqlite:a")),
        *(("SECRETS", value) for value in ("secretsmanager:a b", "secretsmanager:" + "a" * 513)),
        *(("KEEP_DAYS", value) for value in ("0", "36501", "-1", "1.5", "²", "999999", "forever")),
        *(("TASKS", value) for value in ("on", "tasks.db", "sqlite:", "sqs:", "sqs:stocktake-tasks", "none")),
        *(
            ("TASKS", value)
            for value in ("sqs:https://", "sqs:https://a/b c", "sqs:https://a/b?c", "sqs:ftp://a/b")
        ),
        *(("SUMMARY_WAIT_SECONDS", value) for value in ("0", "-1", "1.5", "off")),
        *(("PREFIX_DEPTH", value) for value in ("0", "6", "01", "²", "two")),
        *(("TASK_BYTES", value) for value in ("0", "10737418241", "1e9", "256M", "²")),
        *(("PRICES", value) for value in ("USD", "USD 2025-10-31", "USD 2025-13-01 hot=1", "hot=0.06")),
        *(("METRICS", value) for value in ("on", "EMF", "true")),
        *(("TRACING", value) for value in ("emf", "true", "1")),
        *(
            ("ENDPOINT_URL", value)
            for value in ("cwobject.com", "s3://x", "https://", "http://[::1", "http://a:b")
        ),
        *(
            ("ENDPOINT_URL", value)
            for value in ("http://a:99999", "https://a?b=c", "https://a#b", "https://a b")
        ),
        *(("ADDRESSING", value) for value in ("Path", "auto")),
        *(("ORG_ID", value) for value in ("", " ", "my org", "*", 'a"b', "a/b")),
        *(("PRINCIPAL", value) for value in ("", "app", "arn:aws:iam::my-org:coreweave/", "*")),
        *(
            ("PRINCIPAL", value)
            for value in ("arn:aws:iam::my-org:coreweave/*", "arn:aws:iam::o:coreweave/a b")
        ),
        *(
            ("MAIL", value)
            for value in (
                "mail.example.com",
                "SES",
                "ses:x",
                "smtp://",
                "http://a",
                "smtp://a/b",
                "smtp://a:x",
            )
        ),
        *(
            ("URL", value)
            for value in ("stocktake.example.com", "ftp://a", "https://a?b", "https://a/<b>", 'https://a/"')
        ),
        *(("MAIL_FROM", value) for value in ("example.com", "a@b@c", "A <a@example.com>", "a@b\nX: y")),
        *(
            (name, value)
            for name in ("SLACK_HOSTS", "WEBHOOK_HOSTS")
            for value in ("https://hooks.slack.com", "a:443", "a/b", "a b", "hooks*")
        ),
    ],
)
def test_a_bad_value_is_named_with_what_it_takes(name: str, value: str) -> None:
    said = refused(**{"MAIL_FROM": "a@example.com", name: value})
    variable = next(each for each in VARIABLES if each.name == f"STOCKTAKE_{name}")
    assert said.startswith(f"{variable.name} ({variable.meaning}) ")
    assert said.endswith(f"; it takes {variable.takes}.")
    assert "\n" not in said


def test_a_bad_principal_is_told_with_the_form_of_a_good_one() -> None:
    assert "arn:aws:iam::ORG-ID:coreweave/USER-UID" in refused(PRINCIPAL="app")


@pytest.mark.parametrize("mail", ["smtp://mail.example.com", "ses"])
def test_mail_needs_a_sender(mail: str) -> None:
    assert "STOCKTAKE_MAIL_FROM (the sender of mail) is not set" in refused(MAIL=mail)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENDPOINT_URL", "https://key:canary@cwobject.com"),
        ("URL", "https://ops:canary@stocktake.example.com"),
        ("MAIL", "smtp://user:canary@mail.example.com:25"),
        ("SLACK_HOSTS", "user:canary@hooks.slack.com"),
        ("WEBHOOK_HOSTS", "user:canary@pipeline.internal"),
        ("STORE", "postgres://user:canary@db"),
        ("TASKS", "sqs:https://user:canary@sqs/1/tasks"),
    ],
)
def test_a_password_in_a_setting_is_not_repeated(name: str, value: str) -> None:
    said = refused(**{"MAIL_FROM": "a@example.com", name: value})
    assert f"STOCKTAKE_{name}" in said
    assert "canary" not in said


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as raised:
        read_settings({each.name: "*" for each in VARIABLES})
    named = [line.split(" ")[0] for line in str(raised.value).splitlines()]
    assert named == [each.name for each in VARIABLES]


def test_nothing_else_of_the_environment_is_read() -> None:
    assert read_settings({**NEEDED, "AWS_REGION": "x", "HOME": "/"}) == read()


def test_tasks_do_not_wait_in_the_file_of_the_state() -> None:
    assert "STOCKTAKE_TASKS names the file of STOCKTAKE_STORE" in refused(
        STORE="sqlite:one.db", TASKS="sqlite:one.db"
    )
