"""The composition root: from settings to services, each made when it is first used.

A cold start pays for every import and every client, so an adapter is imported where it is made: what a
handler does not use it does not load.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.core.access import (
    ChannelAddress,
    Credentials,
    EmailAddress,
    EventBridgeAddress,
    MailLogin,
    SecretsDocument,
    SlackAddress,
    SnsAddress,
    WebhookAddress,
    about_channel,
)
from chalicelib.core.channel import About
from chalicelib.errors import Misconfigured
from chalicelib.ports import Channel, Channels, Secrets, StateStore, Turn
from chalicelib.settings import Settings, read_settings

if TYPE_CHECKING:
    from chalicelib.adapters.s3_buckets import S3Buckets
    from chalicelib.adapters.s3_connection import S3Connection
    from chalicelib.flows.configure import Configure
    from chalicelib.flows.deliver import Deliver
    from chalicelib.flows.reconcile import Reconcile
    from chalicelib.flows.redrive import Redrive
    from chalicelib.flows.restore import Restore
    from chalicelib.flows.sweep import Sweep
    from chalicelib.flows.try_channel import TryChannel

REQUEST_SECONDS = 20.0
"""A request works for this long at most, and then answers 202."""

TICK_SECONDS = 50.0
"""A schedule's turn, shorter than the minute between two of them."""


class Services:
    """Everything that the handlers use; cheap to make, since nothing is made before it is used."""

    def __init__(self, settings: Settings, new_turn: Callable[[float], Turn] | None = None) -> None:
        self.settings = settings
        self._new_turn = new_turn

    @contextmanager
    def turn(self, name: str, seconds: float, id: str | None = None) -> Iterator[Turn]:
        """A turn of work by the real clock, unless another was given; traced and measured as was set."""
        if self._new_turn is not None:
            yield self._new_turn(seconds)
            return
        from chalicelib.adapters.clock import ClockTurn

        turn = ClockTurn(seconds, id)
        try:
            with self._traced(name, turn.id):
                yield turn
        finally:
            if self.settings.metrics:
                from chalicelib.metrics import write_metrics

                write_metrics(turn.measured, turn.id)

    def _traced(self, name: str, id: str) -> AbstractContextManager[None]:
        if not self.settings.tracing:
            return nullcontext()
        from chalicelib.tracing import traced

        return traced(name, id)

    @cached_property
    def store(self) -> StateStore:
        """Where the state is kept."""
        place = self.settings.store
        if place.kind == "dynamodb":
            from chalicelib.adapters.dynamodb import DynamoStore

            return DynamoStore(place.name, keep=self.settings.keep)
        from chalicelib.adapters.sqlite import SqliteStore

        return SqliteStore(place.name)

    @cached_property
    def secrets(self) -> Secrets:
        """The secrets document."""
        from chalicelib.adapters.secrets_channels import Hosts

        place, hosts = self.settings.secrets, Hosts(self.settings.slack_hosts, self.settings.webhook_hosts)
        if place.kind == "secretsmanager":
            from chalicelib.adapters.secrets_manager import AwsSecrets

            return AwsSecrets(place.name, hosts)
        from chalicelib.adapters.secrets import FileSecrets

        return FileSecrets(place.name, hosts)

    @cached_property
    def channels(self) -> Channels:
        """The channels of the secrets document."""
        return ConfiguredChannels(lambda: self.secrets.read(), self.settings)

    @cached_property
    def configure(self) -> "Configure":
        """Apply and remove."""
        from chalicelib.flows.configure import Configure

        settings = self.settings
        return Configure(self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def sweep(self) -> "Sweep":
        """Look for reports."""
        from chalicelib.adapters.s3_objects import S3Objects
        from chalicelib.flows.sweep import Sweep

        settings = self.settings
        source = S3Objects(self._connection)
        return Sweep(source, self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def reconcile(self) -> "Reconcile":
        """Look for drift."""
        from chalicelib.flows.reconcile import Reconcile

        settings = self.settings
        return Reconcile(self._buckets, self.store, self.configure, settings.deployment, settings.times)

    @cached_property
    def restore(self) -> "Restore":
        """Put back what was replaced."""
        from chalicelib.flows.restore import Restore

        settings = self.settings
        return Restore(self._buckets, self.store, self.configure, settings.deployment, settings.times)

    @cached_property
    def deliver(self) -> "Deliver":
        """Send what waits in the outbox."""
        from chalicelib.flows.deliver import Deliver

        return Deliver(self.store, self.channels, digest_over=self.settings.digest_over)

    @cached_property
    def redrive(self) -> "Redrive":
        """Send again what was given up."""
        from chalicelib.flows.redrive import Redrive

        return Redrive(self.store, self.channels)

    @cached_property
    def try_channel(self) -> "TryChannel":
        """Send one notice to a channel, to see what comes of it."""
        from chalicelib.flows.try_channel import TryChannel

        return TryChannel(self.store, self.channels)

    @cached_property
    def _buckets(self) -> "S3Buckets":
        from chalicelib.adapters.s3_buckets import S3Buckets

        return S3Buckets(self._connection)

    @cached_property
    def _connection(self) -> "S3Connection":
        from chalicelib.adapters.s3_connection import S3Connection

        settings = self.settings
        return S3Connection(settings.endpoint_url, settings.addressing, self._keys)

    def _keys(self, *, fresh: bool) -> Credentials:
        return self.secrets.read(fresh=fresh).caios


class ConfiguredChannels:
    """The channels of the secrets document as it is now; each is made when a notice goes there."""

    def __init__(self, document: Callable[[], SecretsDocument], settings: Settings) -> None:
        self._document = document
        self._settings = settings
        self._clients: dict[tuple[str, str | None], Any] = {}

    def about(self, name: str) -> About | None:
        """What may be told of the channel, usable or not; None where there is none of that name."""
        document = self._document()
        address = document.channels.get(name)
        return None if address is None else about_channel(address, document.quiet.get(name))

    def names(self) -> tuple[str, ...]:
        """The names of those that can be used."""
        unusable = self.unusable()
        return tuple(name for name in self._document().channels if name not in unusable)

    def unusable(self) -> Mapping[str, str]:
        """Those to which nothing can be sent, whatever it is, each with what is missing."""
        channels = self._document().channels
        reasons = {name: self._why_unusable(address) for name, address in channels.items()}
        return {name: reason for name, reason in reasons.items() if reason}

    def get(self, name: str) -> Channel | None:
        """The channel, None where there is none of that name. `Misconfigured` where it cannot be used."""
        document = self._document()
        address = document.channels.get(name)
        if address is None:
            return None
        if reason := self._why_unusable(address):
            raise Misconfigured(f"The channel {name} cannot be used: {reason}.")
        return self._made(address, document.mail)

    def _made(self, address: ChannelAddress, login: MailLogin | None) -> Channel:
        match address:
            case SlackAddress():
                return _slack(address)
            case EmailAddress():
                return self._mail(address, login)
            case WebhookAddress():
                return self._webhook(address)
            case SnsAddress():
                return self._sns(address)
            case EventBridgeAddress():
                return self._eventbridge(address)

    def _why_unusable(self, address: ChannelAddress) -> str:
        if not isinstance(address, EmailAddress):
            return ""
        if missing := self._settings.missing_for_mail:
            return missing
        if self._settings.mail != "ses":
            return ""
        from chalicelib.adapters.ses import why_unusable

        return why_unusable(address)

    def _aws(self, service: str, region: str | None = None) -> Any:
        """A client, one for all that is sent in a region; botocore sends nothing twice."""
        if (service, region) not in self._clients:
            from chalicelib.adapters.aws_client import aws_client

            self._clients[service, region] = aws_client(service, attempts=1, region=region)
        return self._clients[service, region]

    def _mail(self, address: EmailAddress, login: MailLogin | None) -> Channel:
        from chalicelib.templates.mail import message

        if self._settings.mail == "ses":
            from chalicelib.adapters.ses import SesChannel

            return SesChannel(address, self._settings.mail_from, message, lambda: self._aws("sesv2"))
        from chalicelib.adapters.email import SmtpChannel
        from chalicelib.adapters.smtp_server import parse_smtp

        server = parse_smtp(self._settings.mail)
        return SmtpChannel(address, server, self._settings.mail_from, login, message)

    def _webhook(self, address: WebhookAddress) -> Channel:
        from chalicelib.adapters.webhook import WebhookChannel
        from chalicelib.templates.cloud_event import event_text

        return WebhookChannel(address, event_text, anywhere=self._settings.webhook_hosts)

    def _sns(self, address: SnsAddress) -> Channel:
        from chalicelib.adapters.sns import SnsChannel
        from chalicelib.templates.cloud_event import event_text

        return SnsChannel(address, event_text, lambda region: self._aws("sns", region))

    def _eventbridge(self, address: EventBridgeAddress) -> Channel:
        from chalicelib.adapters.eventbridge import EventBridgeChannel
        from chalicelib.templates.cloud_event import event_text

        return EventBridgeChannel(address, event_text, lambda region: self._aws("events", region))


def _slack(address: SlackAddress) -> Channel:
    from chalicelib.adapters.slack import SlackChannel
    from chalicelib.templates.slack import payload

    return SlackChannel(address, payload)


@cache
def services() -> Services:
    """The services of this process, from its environment. Raises `Misconfigured`."""
    return Services(read_settings(os.environ))
