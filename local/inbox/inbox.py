"""The inbox as a whole: both servers, what they share, and what a test can tell it.

Starting it opens two ports on 127.0.0.1; stopping it ends every thread and event loop it started and leaves
what came to be read. Started again, it listens where it did before, so that an outage can be played.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from local.inbox.answers import SLACK_WORDS, Answer, Answers, MailStep
from local.inbox.http_server import HttpServer
from local.inbox.journal import Journal
from local.inbox.mail import MailDesk
from local.inbox.pace import Pace
from local.inbox.received import Received
from local.inbox.slack import SlackDesk
from local.inbox.smtp_server import SmtpServer
from local.inbox.web import WebApplication
from local.inbox.webhook import DEMO_SECRET, WebhookDesk


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Inbox:
    """Receives Slack posts, events and mail on this machine. A context manager: `with Inbox() as inbox`."""

    def __init__(
        self,
        *,
        http_port: int = 0,
        smtp_port: int = 0,
        journal: Path | None = None,
        now: Callable[[], datetime] = _utc_now,
        smtp_auth: tuple[str, str] | None = None,
        per_second: int | None = None,
        webhook_secret: str = DEMO_SECRET,
    ) -> None:
        """Read the journal back; nothing listens yet.

        A port of 0 is picked by the system. `journal` is a file of JSON lines, made when absent; without it
        messages live in memory. `now` gives aware times. `smtp_auth` is the user and password that a mail
        needs; without it no login is offered. `per_second` is how many messages a second each Slack hook
        takes before it answers 429. `webhook_secret` is what events are signed with. Raises ValueError for a
        journal that cannot be read, or a `per_second` below 1.
        """
        self._http_port, self._smtp_port = http_port, smtp_port
        self._smtp_auth = smtp_auth
        self._journal = Journal(journal)
        self._answers = Answers()
        self._pace = Pace(per_second, now)
        self._slack = SlackDesk(self._journal, self._answers, self._pace, now)
        self._webhook = WebhookDesk(self._journal, self._answers, now, webhook_secret)
        self._mail = MailDesk(self._journal, self._answers, now, smtp_auth)
        self.webhook_secret = webhook_secret
        self._running = ExitStack()
        self._started = False

    def start(self) -> None:
        """Open both ports. Raises OSError when one is taken, RuntimeError when started already."""
        if self._started:
            raise RuntimeError("the inbox is started already")
        controls: dict[str, Callable[..., None]] = {"answer": self.answer_next, "mail": self.refuse_mail_next}
        web = WebApplication(self._journal, self._slack, self._webhook, controls)
        with ExitStack() as opened:
            http = HttpServer(web, self._http_port)
            opened.callback(http.stop)
            smtp = SmtpServer(self._mail, self._smtp_port, with_login=self._smtp_auth is not None)
            opened.callback(smtp.stop)
            self._http_port, self._smtp_port = http.port, smtp.port
            self._started = True
            self._running = opened.pop_all()

    def stop(self) -> None:
        """Close both ports and end all threads. Harmless when it is not running."""
        self._started = False
        self._running.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def http_url(self) -> str:
        """Where the page is, no slash at the end. A port that the system picks is known once started."""
        return f"http://127.0.0.1:{self._http_port}"

    @property
    def slack_url(self) -> str:
        """One webhook, of the form that Slack's have. Any other path under `/slack/` is another hook."""
        return f"{self.http_url}/slack/services/T000/B000/XXXX"

    @property
    def webhook_url(self) -> str:
        """Where one channel posts its events. Any other path under `/webhook/` is another channel."""
        return f"{self.http_url}/webhook/pipeline"

    @property
    def smtp_port(self) -> int:
        """Where mail goes, on 127.0.0.1."""
        return self._smtp_port

    @property
    def received(self) -> tuple[Received, ...]:
        """What was taken, oldest first; a snapshot."""
        return self._journal.messages()

    def answer_next(
        self,
        status: int,
        *,
        retry_after: int | None = None,
        body: str | None = None,
        times: int = 1,
        cut: bool = False,
        hook: str | None = None,
        keep: bool | None = None,
    ) -> None:
        """Answer the next `times` posts so, those to `hook` (a path or URL) when it is named.

        `retry_after` is in seconds. `body` is Slack's word for the status unless given. `cut` drops the
        connection instead of answering. `keep` says whether the message is taken; unless given it is for a
        2xx status and for `cut`. What is to be taken and is no good message, or an event that is not well
        signed, is refused all the same. Raises TypeError or ValueError for values that will not do.
        """
        numbers = (status, times, 0 if retry_after is None else retry_after)
        if any(type(number) is not int for number in numbers):
            raise TypeError("status, times and retry_after are whole numbers")
        if not all(isinstance(text, str | None) for text in (body, hook)):
            raise TypeError("body and hook are strings")
        if not isinstance(cut, bool) or not isinstance(keep, bool | None):
            raise TypeError("cut and keep are true or false")
        words = SLACK_WORDS.get(status, "error") if body is None else body
        kept = (cut or 200 <= status <= 299) if keep is None else keep
        answer = Answer(status, words, retry_after=retry_after, cut=cut, keep=kept)
        self._answers.queue_post(answer, times=times, hook=hook)

    def refuse_mail_next(self, code: int, times: int = 1, *, at: MailStep = "data") -> None:
        """Refuse the next `times` mails (`at="data"`) or recipients (`at="rcpt"`) with this code: 451, 550, …

        Raises TypeError or ValueError for values that will not do.
        """
        if any(type(number) is not int for number in (code, times)):
            raise TypeError("code and times are whole numbers")
        if at not in ("rcpt", "data"):
            raise ValueError("at is rcpt or data")
        self._answers.queue_mail(code, times=times, step=at)

    def clear(self) -> None:
        """Forget what came, in the journal too, and what was told and not used."""
        self._journal.clear()
        self._answers.clear()
        self._pace.clear()
