"""The composition root: from settings to services, each made when it is first used.

A cold start pays for every import and every client, so an adapter is imported where it is made: what a
handler does not use it does not load.
"""

import os
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.core.access import EmailAddress, SlackAddress
from chalicelib.errors import Misconfigured
from chalicelib.flows.configure import Configure
from chalicelib.flows.deliver import Deliver
from chalicelib.flows.reconcile import Reconcile
from chalicelib.flows.sweep import Sweep
from chalicelib.ports import Channel, Channels, Secrets, StateStore, Turn
from chalicelib.settings import Settings, read_settings

if TYPE_CHECKING:
    from chalicelib.adapters.s3_buckets import S3Buckets
    from chalicelib.adapters.s3_connection import S3Connection

REQUEST_SECONDS = 20.0
"""A request works for this long at most, and then answers 202."""

TICK_SECONDS = 50.0
"""A schedule's turn, shorter than the minute between two of them."""


class Services:
    """Everything that the handlers use; cheap to make, since nothing is made before it is used."""

    def __init__(self, settings: Settings, new_turn: Callable[[float], Turn] | None = None) -> None:
        self.settings = settings
        self._new_turn = new_turn

    def turn(self, seconds: float = REQUEST_SECONDS) -> Turn:
        """A turn of work by the real clock, unless another was given."""
        if self._new_turn is not None:
            return self._new_turn(seconds)
        from chalicelib.adapters.clock import ClockTurn

        return ClockTurn(seconds)

    @cached_property
    def store(self) -> StateStore:
        """Where the state is kept."""
        from chalicelib.adapters.sqlite import SqliteStore

        return SqliteStore(self.settings.store_path)

    @cached_property
    def secrets(self) -> Secrets:
        """The secrets document."""
        from chalicelib.adapters.secrets import FileSecrets

        return FileSecrets(self.settings.secrets_path, slack_hosts=self.settings.slack_hosts)

    @cached_property
    def channels(self) -> Channels:
        """The channels of the secrets document."""
        return ConfiguredChannels(self.secrets, self.settings)

    @cached_property
    def configure(self) -> Configure:
        """Apply and remove."""
        settings = self.settings
        return Configure(self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def sweep(self) -> Sweep:
        """Look for reports."""
        from chalicelib.adapters.s3_objects import S3Objects

        settings = self.settings
        source = S3Objects(self._connection)
        return Sweep(source, self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def reconcile(self) -> Reconcile:
        """Look for drift."""
        settings = self.settings
        return Reconcile(self._buckets, self.store, self.configure, settings.deployment, settings.times)

    @cached_property
    def deliver(self) -> Deliver:
        """Send what waits in the outbox."""
        return Deliver(self.store, self.channels)

    @cached_property
    def _buckets(self) -> "S3Buckets":
        from chalicelib.adapters.s3_buckets import S3Buckets

        return S3Buckets(self._connection)

    @cached_property
    def _connection(self) -> "S3Connection":
        from chalicelib.adapters.s3_connection import S3Connection

        settings = self.settings
        return S3Connection(settings.endpoint_url, settings.addressing, lambda: self.secrets.read().caios)


class ConfiguredChannels:
    """The channels of the secrets document as it is now; each is made when a notice goes there."""

    def __init__(self, secrets: Secrets, settings: Settings) -> None:
        self._secrets = secrets
        self._settings = settings

    def names(self) -> tuple[str, ...]:
        """The names of those that can be used."""
        unusable = self.unusable()
        return tuple(name for name in self._secrets.read().channels if name not in unusable)

    def unusable(self) -> Mapping[str, str]:
        """The mail channels, where no mail can be sent, each with the variables that are not set."""
        channels = self._secrets.read().channels
        missing = self._settings.missing_for_mail
        mail = [name for name, address in channels.items() if isinstance(address, EmailAddress)]
        return dict.fromkeys(mail, missing) if missing else {}

    def get(self, name: str) -> Channel | None:
        """The channel, None where there is none of that name. `Misconfigured` for mail without a server."""
        document = self._secrets.read()
        address = document.channels.get(name)
        if isinstance(address, SlackAddress):
            from chalicelib.adapters.slack import SlackChannel
            from chalicelib.templates.slack import payload

            return SlackChannel(address, payload)
        if isinstance(address, EmailAddress):
            from chalicelib.adapters.email import SmtpChannel
            from chalicelib.adapters.smtp_server import parse_smtp
            from chalicelib.templates.mail import message

            if missing := self._settings.missing_for_mail:
                raise Misconfigured(f"No mail can be sent: {missing}.")
            server = parse_smtp(self._settings.mail)
            return SmtpChannel(address, server, self._settings.mail_from, document.mail, message)
        return None


@cache
def services() -> Services:
    """The services of this process, from its environment. Raises `Misconfigured`."""
    return Services(read_settings(os.environ))
