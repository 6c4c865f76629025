"""Mail through Amazon SES, with the API of version 2: one attempt, and what became of it.

In comes a notice; out goes one mail to all recipients of the channel. SES puts a Message-ID and a Date of
its own in the place of ours (SES Developer Guide, "Header fields"); `X-Stocktake-Id` stays, and is how a
mail that came twice is told. Errors are judged by "SendEmail" of the SES API v2 reference and "Email sending
errors" of the guide: what passes by itself delays a notice, what somebody has to mend in SES is refused for
good, so that another channel tells of it. Addresses and SES's own sentences, which repeat them, are in no
message, log line or exception from here.
"""

import re
from collections.abc import Callable, Sequence
from email.policy import SMTP
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from chalicelib.core.access import EmailAddress
from chalicelib.core.notice import Notice
from chalicelib.errors import ChannelRefused, DeliveryDelayed, DeliveryRefused, Misconfigured, StocktakeError

if TYPE_CHECKING:
    from chalicelib.adapters.email import Render

MAX_RECIPIENTS = 50
"""Of one mail (SES Developer Guide, "Service quotas")."""

LONG_PAUSE = 3600.0
"""Seconds to wait where only the passing of hours, or a person, changes anything."""

_THROTTLED = frozenset(
    {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"}
)
_NOT_FOR_US = frozenset({"MailFromDomainNotVerifiedException", "AccountSuspendedException"})
_CODE = re.compile(r"[A-Za-z0-9.]{1,60}")


class SesChannel:
    """The recipients of one channel, reached through SES.

    `sender` is an address that SES has verified, with or without a name. `client` gives a client of
    `sesv2` that makes one attempt only: a mail sent again by botocore after a connection that dropped may
    be a second mail.
    """

    most = 100

    def __init__(
        self, address: EmailAddress, sender: str, render: "Render", client: Callable[[], Any]
    ) -> None:
        self._address = address
        self._sender = sender
        self._render = render
        self._client = client

    def send(self, notices: Sequence[Notice]) -> None:
        """Send the notices once, in one mail.

        Raises `DeliveryDelayed` for what passes and when nobody knows whether the mail was taken,
        `DeliveryRefused` where SES does not take this mail, `ChannelRefused` where it takes none to these
        recipients, and `Misconfigured` where this process may not use SES.
        """
        if unusable := why_unusable(self._address):
            raise ChannelRefused(f"SES cannot send to this channel: {unusable}.")
        mail = self._render(notices, self._sender, self._address.to)
        error: StocktakeError | None = None
        try:
            answer = self._client().send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": list(self._address.to)},
                Content={"Raw": {"Data": mail.as_bytes(policy=SMTP)}},
            )
        except ClientError as exc:
            error = _judged(exc, parseaddr(self._sender)[1])
        except BotoCoreError as exc:
            error = _not_answered(exc)
        else:
            if not answer.get("MessageId"):
                error = DeliveryDelayed(
                    "SES answered without an id: whether the mail was taken is not known.", unknown=True
                )
        # Outside the except clauses, so that SES's sentence, which has addresses, is not in the context.
        if error is not None:
            raise error


def why_unusable(address: EmailAddress) -> str:
    """Why SES cannot send to these recipients, whatever the notice; empty where it can."""
    if len(address.to) > MAX_RECIPIENTS:
        return (
            f"it has {len(address.to)} recipients, and SES takes {MAX_RECIPIENTS} a mail;"
            " make several channels of it, or give the address of a list"
        )
    if not all(each.isascii() for each in address.to):
        # SES API v2 reference, "Destination": no SMTPUTF8, and domains in punycode
        return "SES takes no addresses beyond ASCII"
    return ""


def _judged(exc: ClientError, sender: str) -> StocktakeError:
    """Our error for an answer of SES that is one."""
    found = exc.response.get("Error", {})
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code, said = str(found.get("Code", "")), str(found.get("Message", "")).lower()
    code = code if _CODE.fullmatch(code) else str(status)
    if code in _THROTTLED or status == 429:
        return _throttled(code, said)
    if code == "SendingPausedException" or "paused" in said:
        return DeliveryDelayed(
            f"SES has paused sending for this account ({code}): see its console for the reason.",
            retry_after=LONG_PAUSE,
        )
    if status >= 500:
        return DeliveryDelayed(
            f"SES answered {status}: whether the mail was taken is not known.", unknown=True
        )
    if status in (401, 403):
        return Misconfigured(
            f"Stocktake may not send mail through SES ({code}): allow ses:SendEmail on the identity of the"
            " sender and, while the account is in the sandbox, on those of the recipients."
        )
    of_the_channel = code in _NOT_FOR_US or "not verified" in said
    return (ChannelRefused if of_the_channel else DeliveryRefused)(_refusal(code, said, sender.lower()))


def _throttled(code: str, said: str) -> DeliveryDelayed:
    """Both quotas have one code (SES Developer Guide, "Errors related to the sending quotas")."""
    if "daily" in said:
        return DeliveryDelayed(
            f"The daily sending quota of SES is used up ({code}); it counts the last 24 hours. Ask AWS for a"
            " higher one if this happens again.",
            retry_after=LONG_PAUSE,
        )
    return DeliveryDelayed(f"SES takes no more mails a second ({code}).")


def _refusal(code: str, said: str, sender: str) -> str:
    """In words: what SES does not take, and what to do."""
    if code == "MailFromDomainNotVerifiedException" or ("not verified" in said and sender in said):
        return (
            f"SES has not verified the sender, STOCKTAKE_MAIL_FROM, in this region ({code}): verify it there."
        )
    if "not verified" in said:
        return (
            f"The account is in the sandbox of SES, and a recipient is not verified ({code}): verify all"
            " recipients of the channel there, or ask AWS for production access."
        )
    if code == "AccountSuspendedException":
        return f"AWS has ended sending for this account ({code}): answer its case in AWS Support."
    return f"SES refused the mail ({code})."


def _not_answered(exc: BotoCoreError) -> StocktakeError:
    """Our error where no answer came, by how far the request got. Texts are left out: they repeat values."""
    kind = type(exc).__name__
    if isinstance(exc, BotoConnectionError):
        return DeliveryDelayed(f"SES cannot be reached ({kind}).")
    if isinstance(exc, HTTPClientError):
        return DeliveryDelayed(
            f"The connection to SES broke off ({kind}): whether the mail was taken is not known.",
            unknown=True,
        )
    return Misconfigured(f"SES cannot be used ({kind}): look at the AWS keys and the region of this process.")
