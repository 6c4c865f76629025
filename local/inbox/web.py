"""The inbox over HTTP: Slack's webhooks and others, messages as JSON, what is told beforehand, the page.

    POST   /slack/…            a Slack incoming webhook; each path is a hook of its own
    POST   /webhook/…          an event, signed as Standard Webhooks says; each path is a channel of its own
    GET    /messages           JSON list, oldest first; `?via=slack`, `?kind=report.landed`
    DELETE /messages           forget them
    POST   /control/answer     JSON, the arguments of `Inbox.answer_next`
    POST   /control/mail       JSON, the arguments of `Inbox.refuse_mail_next`
    GET    /                   the page; the same filters, and `?refresh=0` to hold it still

This is a WSGI application; `http_server.py` serves it.
"""

import json
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from local.inbox.answers import SLACK_WORDS, Answer
from local.inbox.journal import Journal
from local.inbox.page import SECURITY_HEADERS, render_page
from local.inbox.received import Received, to_json
from local.inbox.slack import MAX_BODY, SlackDesk
from local.inbox.webhook import WebhookDesk

_ROUTES = Map(
    [
        Rule("/", endpoint="page", methods=["GET"]),
        Rule("/messages", endpoint="messages", methods=["GET"]),
        Rule("/messages", endpoint="forget", methods=["DELETE"]),
        Rule("/control/<any(answer, mail):what>", endpoint="control", methods=["POST"]),
        Rule("/slack/<path:hook>", endpoint="slack", methods=["POST"]),
        Rule("/webhook/<path:hook>", endpoint="webhook", methods=["POST"]),
    ],
    merge_slashes=False,
)


class WebApplication:
    """Routes a request to the method that is named after its endpoint."""

    def __init__(
        self,
        journal: Journal,
        slack: SlackDesk,
        webhook: WebhookDesk,
        controls: Mapping[str, Callable[..., None]],
    ) -> None:
        """`controls` are what POST /control/NAME calls with the members of the JSON object as arguments."""
        self._journal = journal
        self._desk = slack
        self._webhook_desk = webhook
        self._controls = controls

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MAX_BODY
        try:
            endpoint, values = _ROUTES.bind_to_environ(environ).match()
            answer: Callable[..., Response] = getattr(self, f"_{endpoint}")
            response = answer(request, **values)
        except HTTPException as error:
            response = error.get_response(environ)
        return response(environ, start_response)

    def _slack(self, request: Request, hook: str) -> Response:
        try:
            body = request.get_data()
        except RequestEntityTooLarge:
            return _plain(Answer(413, SLACK_WORDS[413], reason=f"more than {MAX_BODY} bytes"))
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        return _given(request, self._desk.post(request.path, body, is_form=is_form))

    def _webhook(self, request: Request, hook: str) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        return _given(request, self._webhook_desk.post(request.path, headers, request.get_data()))

    def _messages(self, request: Request) -> Response:
        return _json([to_json(message) for message in self._chosen(request)])

    def _forget(self, request: Request) -> Response:
        self._journal.clear()
        return Response(status=204)

    def _control(self, request: Request, what: str) -> Response:
        try:
            arguments = json.loads(request.get_data())
            self._controls[what](**arguments)
        except (ValueError, TypeError, RecursionError) as error:
            return _json({"error": str(error)}, status=400)
        return Response(status=204)

    def _page(self, request: Request) -> Response:
        page = render_page(self._chosen(request), refresh=request.args.get("refresh") != "0")
        return Response(page, headers=SECURITY_HEADERS, mimetype="text/html")

    def _chosen(self, request: Request) -> list[Received]:
        via, kind = request.args.get("via"), request.args.get("kind")
        return [
            message
            for message in self._journal.messages()
            if via in (None, message.via) and kind in (None, message.kind)
        ]


def _given(request: Request, answer: Answer) -> Response:
    if answer.cut:
        # Shut the socket, and leave by the error that the server knows as "the client is gone": nothing
        # is sent.
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("cut, as the inbox was told to")
    return _plain(answer)


def _plain(answer: Answer) -> Response:
    """Slack's answers are plain text. X-Inbox-Reason is not Slack's: it saves a developer the guessing."""
    headers = {}
    if answer.retry_after is not None:
        headers["Retry-After"] = str(answer.retry_after)
    if answer.reason:
        headers["X-Inbox-Reason"] = answer.reason
    return Response(answer.body, answer.status, headers, mimetype="text/plain")


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, mimetype="application/json")
