"""The functions as they are deployed, each with clients that write down what it asks of AWS.

State is in DynamoDB by moto, the secrets document in a stand-in of Secrets Manager; mail and events go to
stand-ins of SES, SNS and EventBridge. What is around them (platform, clock) comes from the test.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from chalicelib.adapters.dynamodb import DynamoStore
from chalicelib.adapters.s3_connection import S3Connection
from chalicelib.adapters.secrets_channels import Hosts
from chalicelib.adapters.secrets_manager import AwsSecrets
from chalicelib.adapters.sqs_queue import SqsQueue
from chalicelib.api.handle import handled
from chalicelib.api.routes import ROUTES
from chalicelib.api.web import Answer, Ask
from chalicelib.configured_channels import ConfiguredChannels
from chalicelib.contents_ports import ReportReader, TaskQueue
from chalicelib.contents_services import ContentsServices
from chalicelib.core.access import SecretsDocument
from chalicelib.core.summary import nothing
from chalicelib.core.summary_job import Part, Task
from chalicelib.errors import PlatformAway
from chalicelib.ports import Channels, Secrets, StateStore
from chalicelib.settings import Settings
from chalicelib.wiring import Services
from tests.fakes import FakeClock, FakeTurn
from tests.permissions.calls import Call

ACCOUNT, REGION = "111122223333", "eu-central-1"


class RecordingClient:
    """A botocore client that writes down the calls of one function before it makes them."""

    def __init__(self, function: str, service: str, client: Any, calls: list[Call]) -> None:
        self._function = function
        self._service = service
        self._client = client
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not callable(found):
            return found
        operation = "".join(word.capitalize() for word in name.split("_"))

        def call(**parameters: Any) -> Any:
            self._calls.append(Call(self._function, self._service, operation, parameters, ACCOUNT, REGION))
            return found(**parameters)

        return call


@dataclass(frozen=True)
class Around:
    """What all functions share: the table in DynamoDB, the secrets document, the clock, the calls so far."""

    dynamodb: Any
    table: str
    document: dict[str, Any]
    clock: FakeClock
    calls: list[Call]
    messages: list[str] = field(default_factory=list)

    def get_secret_value(self, **_: Any) -> Any:
        """As Secrets Manager does it."""
        return {"SecretString": json.dumps(self.document)}

    def send_email(self, **_: Any) -> Any:
        """As SES does it."""
        return {"MessageId": "a mail"}

    def publish(self, **_: Any) -> Any:
        """As SNS does it."""
        return {"MessageId": "a message"}

    def put_events(self, **_: Any) -> Any:
        """As EventBridge does it."""
        return {"Entries": [{"EventId": "an event"}], "FailedEntryCount": 0}

    def send_message_batch(self, **given: Any) -> Any:
        """As SQS does it; `messages` has what is in the queue."""
        self.messages.extend(each["MessageBody"] for each in given["Entries"])
        return {"Successful": [{"Id": each["Id"]} for each in given["Entries"]], "Failed": []}


class _NoRows:
    """Reads nothing: what is in the files makes no call to AWS. A task is put off when it comes first."""

    def read(self, task: Task) -> Part:
        """As a reader of empty files, which the platform does not give at once."""
        if not task.tries:
            raise PlatformAway("SlowDown")
        return Part(task.number, nothing(task.depth))


class _Channels(ConfiguredChannels):
    """The channels, with another AWS."""

    def __init__(
        self, client: Callable[[str], Any], document: Callable[[], SecretsDocument], settings: Settings
    ) -> None:
        super().__init__(document, settings)
        self._given = client

    def _aws(self, service: str, region: str | None = None) -> Any:
        return self._given(service)


class _Contents(ContentsServices):
    """What sums reports up, with another queue and a reader of nothing."""

    def __init__(
        self, services: Services, queue: TaskQueue | None, connection: Callable[[], S3Connection]
    ) -> None:
        super().__init__(services.settings, lambda: services.store, connection)
        self._services = services
        self._given = queue

    def _queue(self) -> TaskQueue | None:
        return self._given

    def _reader(self) -> ReportReader:
        self._services.secrets.read()  # as who reads from the platform
        return _NoRows()


class Function(Services):
    """The services of one function."""

    def __init__(self, name: str, settings: Settings, around: Around) -> None:
        super().__init__(settings, lambda seconds: FakeTurn(around.clock, seconds))
        self._name = name
        self._around = around

    @cached_property
    def store(self) -> StateStore:
        return DynamoStore(self._around.table, lambda: self._client("dynamodb", self._around.dynamodb))

    @cached_property
    def secrets(self) -> Secrets:
        client = self._client("secretsmanager", self._around)
        provider = SecretsProvider(boto3_client=client)
        hosts = Hosts(self.settings.slack_hosts)
        return AwsSecrets(self.settings.secrets.name, hosts, provider=lambda: provider)

    @cached_property
    def channels(self) -> Channels:
        return _Channels(
            lambda service: self._client(service, self._around), lambda: self.secrets.read(), self.settings
        )

    @cached_property
    def contents(self) -> ContentsServices:
        place = self.settings.tasks
        queue = place and SqsQueue(place.name, lambda: self._client("sqs", self._around))
        return _Contents(self, queue or None, lambda: self._connection)

    def receive(self, message: str) -> None:
        """What a function does that a queue feeds."""
        with self.turn(self._name, 290) as turn:
            flow = self.contents.read_files
            (flow.work if self._name == "ReadFiles" else flow.give_up)(message, turn)

    def tick(self) -> None:
        """What the schedule does; the function is called as its flow."""
        with self.turn(self._name, 50) as turn:
            flow = self.contents.summarise if self._name == "Summarise" else getattr(self, self._name.lower())
            assert flow is not None
            flow.tick(turn)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        named: Mapping[str, str] | None = None,
        **query: str,
    ) -> Answer:
        """What the API does with a request; `path` is that of the route, `named` what stands in it."""
        (route,) = (each for each in ROUTES if (each.method, each.path) == (method, path))
        content = b"" if body is None else json.dumps(body).encode()
        return handled(route, Ask(method, named or {}, query, body=content, scope="write"), lambda: self)

    def _client(self, service: str, client: Any) -> RecordingClient:
        return RecordingClient(self._name, service, client, self._around.calls)
