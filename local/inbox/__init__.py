"""The inbox: what Slack, a mail server and a pipeline are to Stocktake, on one machine.

In go posts to Slack incoming webhooks, signed events and mail over SMTP, all on 127.0.0.1 alone. Out come the
answers that Slack, a pipeline and a mail server would give, a list of what was taken (`Inbox.received`,
`GET /messages`), and a page that shows it. A test tells it beforehand how to misbehave: refuse, throttle,
take a message and drop the connection.

    with Inbox() as inbox:
        inbox.answer_next(429, retry_after=2)
        ...                                   # the application sends to inbox.slack_url and inbox.smtp_port
        assert [m.kind for m in inbox.received] == ["report.landed"]
"""

from local.inbox.inbox import Inbox
from local.inbox.received import Received

__all__ = ["Inbox", "Received"]
