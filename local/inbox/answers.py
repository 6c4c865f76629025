"""Answers told beforehand: how the next posts to Slack and webhooks, and the next mails, are to be treated.

A test, or a person with curl, queues them; each is used up by one message. Without any, everything is taken
as usual. Slack's words are from api.slack.com/messaging/webhooks, "Handling errors": an answer is plain text.
"""

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Literal
from urllib.parse import urlsplit

SLACK_WORDS = {
    200: "ok",
    400: "invalid_payload",
    403: "invalid_token",
    404: "no_service",
    410: "channel_is_archived",
    413: "payload_too_large",
    429: "rate_limited",
    500: "rollup_error",
}

MailStep = Literal["rcpt", "data"]


@dataclass(frozen=True)
class Answer:
    """What a webhook answers.

    `retry_after` is in seconds. `cut` means that the connection is dropped and nothing is answered. `keep`
    says whether the message is taken. `reason` says more than Slack does; it goes into a header that Slack
    does not have.
    """

    status: int
    body: str
    retry_after: int | None = None
    cut: bool = False
    keep: bool = False
    reason: str = ""


class Answers:
    """The queue of answers to posts and the queue of refusals of mail. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._posts: deque[tuple[str | None, Answer]] = deque()
        self._mail: deque[tuple[MailStep, int]] = deque()

    def queue_post(self, answer: Answer, *, times: int = 1, hook: str | None = None) -> None:
        """Give `answer` to the next `times` posts, to `hook` alone (its path or URL) when it is named.

        Raises ValueError for a status outside 200 to 599, a negative `retry_after`, or `times` outside 1 to
        1000.
        """
        if not 200 <= answer.status <= 599:
            raise ValueError(f"status {answer.status} is not within 200 to 599")
        if answer.retry_after is not None and answer.retry_after < 0:
            raise ValueError("retry_after must not be negative")
        path = None if hook is None else urlsplit(hook).path
        with self._lock:
            self._posts.extend([(path, answer)] * _checked(times))

    def take_post(self, hook: str) -> Answer | None:
        """The answer for this post, used up by asking; None when none was told for the hook."""
        with self._lock:
            for told in self._posts:
                if told[0] in (None, hook):
                    self._posts.remove(told)
                    return told[1]
        return None

    def queue_mail(self, code: int, *, times: int = 1, step: MailStep = "data") -> None:
        """Refuse the next `times` recipients (`rcpt`) or messages (`data`) with this SMTP code.

        Raises ValueError for a code outside 400 to 599, or `times` outside 1 to 1000.
        """
        if not 400 <= code <= 599:
            raise ValueError(f"code {code} is not within 400 to 599")
        with self._lock:
            self._mail.extend([(step, code)] * _checked(times))

    def take_mail(self, step: MailStep) -> int | None:
        """The code to refuse with at this step, used up by asking; None to go on."""
        with self._lock:
            for told in self._mail:
                if told[0] == step:
                    self._mail.remove(told)
                    return told[1]
        return None

    def clear(self) -> None:
        """Forget what was told and not used."""
        with self._lock:
            self._posts.clear()
            self._mail.clear()


def _checked(times: int) -> int:
    if not 1 <= times <= 1000:
        raise ValueError(f"times {times} is not within 1 to 1000")
    return times
