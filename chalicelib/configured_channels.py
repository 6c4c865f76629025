"""The channels of the secrets document as it is now, each made when a notice goes there.

In come the document and the settings; out come the ports `Channels` and `Channel`. An adapter is imported
where it is made: what a handler does not use it does not load.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chalicelib.core.access import (
    ChannelAddress,
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
from chalicelib.core.notice import Notice
from chalicelib.errors import Misconfigured
from chalicelib.ports import Channel
from chalicelib.settings import Settings


class ConfiguredChannels:
    """The port `Channels`."""

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
                return self._slack(address)
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

    def _slack(self, address: SlackAddress) -> Channel:
        from chalicelib.adapters.slack import SlackChannel
        from chalicelib.templates.slack import payload

        return SlackChannel(address, partial(payload, base=self._settings.url))

    def _mail(self, address: EmailAddress, login: MailLogin | None) -> Channel:
        from chalicelib.templates.mail import message

        render = partial(message, base=self._settings.url)
        if self._settings.mail == "ses":
            from chalicelib.adapters.ses import SesChannel

            return SesChannel(address, self._settings.mail_from, render, lambda: self._aws("sesv2"))
        from chalicelib.adapters.email import SmtpChannel
        from chalicelib.adapters.smtp_server import parse_smtp

        server = parse_smtp(self._settings.mail)
        return SmtpChannel(address, server, self._settings.mail_from, login, render)

    def _webhook(self, address: WebhookAddress) -> Channel:
        from chalicelib.adapters.webhook import WebhookChannel

        return WebhookChannel(address, self._event_text(), anywhere=self._settings.webhook_hosts)

    def _sns(self, address: SnsAddress) -> Channel:
        from chalicelib.adapters.sns import SnsChannel

        return SnsChannel(address, self._event_text(), lambda region: self._aws("sns", region))

    def _eventbridge(self, address: EventBridgeAddress) -> Channel:
        from chalicelib.adapters.eventbridge import EventBridgeChannel

        return EventBridgeChannel(address, self._event_text(), lambda region: self._aws("events", region))

    def _event_text(self) -> Callable[[Notice], str]:
        from chalicelib.templates.cloud_event import event_text

        return partial(event_text, base=self._settings.url)
