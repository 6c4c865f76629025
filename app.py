"""Stocktake as a Chalice application: routes, authorizer and schedules; each handler is one sentence.

Schedules stand here and not in a blueprint: Lambda would import them from there, past this file
(aws/chalice, issue 1566). Importing has no side effects, because the CLI imports this to package it.
"""

from collections.abc import Mapping
from typing import cast
from uuid import uuid4

from chalice.app import (
    AuthRequest,
    AuthResponse,
    Chalice,
    CloudWatchEvent,
    Rate,
    Request,
    Response,
    SQSEvent,
)

from chalicelib.api.handle import authorized, handled
from chalicelib.api.routes import ROUTES, Route
from chalicelib.api.web import Ask, base_of
from chalicelib.log import log_tick
from chalicelib.wiring import TASK_SECONDS, TICK_SECONDS, services

app = Chalice(app_name="stocktake", configure_logs=False)
app.api.binary_types = []


@app.authorizer(name="token", ttl_seconds=60)
def token(request: AuthRequest) -> AuthResponse:
    """Who asks. The answer is cached across routes, so it allows all of them; views ask for the scope."""
    known = authorized(services, request.token)
    if known is None:
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(routes=["*"], principal_id=known.name, context={"scope": known.scope})


def _view(route: Route) -> None:
    """Register one route of the table."""

    def view(**path: str) -> Response:
        answer = handled(route, _asked(route, path), services)
        headers: dict[str, str | list[str]] = {"Content-Type": answer.media_type, **answer.headers}
        return Response(answer.text(), headers=headers, status_code=answer.status)

    # content types are checked by the view, which answers in one form
    app.route(
        route.path,
        methods=[route.method],
        name=route.name,
        authorizer=token if route.scope else None,
        content_types=[],
    )(view)


def _asked(route: Route, path: Mapping[str, str]) -> Ask:
    request = cast(Request, app.current_request)
    who = request.context.get("authorizer") or {}
    parameters: Mapping[str, str] = request.query_params or {}
    return Ask(
        route.method,
        path,
        query={name: parameters[name] for name in parameters},
        headers=dict(request.headers),
        body=cast(bytes, request.raw_body),
        scope=who.get("scope"),
        id=request.context.get("requestId") or uuid4().hex,
        by=who.get("principalId"),
        base=base_of(request.context.get("path"), route.path),
    )


for _route in ROUTES:
    _view(_route)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """Look for reports where they are due."""
    with services().turn("sweep", TICK_SECONDS, _id(event)) as turn:
        log_tick("sweep", services().sweep.tick(turn), turn.id)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def deliver(event: CloudWatchEvent) -> None:
    """Send what waits in the outbox."""
    with services().turn("deliver", TICK_SECONDS, _id(event)) as turn:
        log_tick("deliver", services().deliver.tick(turn), turn.id)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def reconcile(event: CloudWatchEvent) -> None:
    """Go on with what is pending, and look for drift."""
    with services().turn("reconcile", TICK_SECONDS, _id(event)) as turn:
        log_tick("reconcile", services().reconcile.tick(turn), turn.id)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def summarise(event: CloudWatchEvent) -> None:
    """Have reports summed up that came."""
    with services().turn("summarise", TICK_SECONDS, _id(event)) as turn:
        flow = services().contents.summarise
        if flow is not None:
            log_tick("summarise", flow.tick(turn), turn.id)


@app.on_sqs_message(queue="stocktake-tasks", batch_size=1)
def read_files(event: SQSEvent) -> None:
    """Read some of a report's data files."""
    with services().turn("read_files", TASK_SECONDS, _id(event)) as turn:
        for message in event:
            services().contents.read_files.work(message.body, turn)


@app.on_sqs_message(queue="stocktake-tasks-dead", batch_size=1)
def give_up(event: SQSEvent) -> None:
    """Go on without the data files that several workers failed to read."""
    with services().turn("give_up", TICK_SECONDS, _id(event)) as turn:
        for message in event:
            services().contents.read_files.give_up(message.body, turn)


def _id(event: CloudWatchEvent | SQSEvent) -> str:
    """What names this tick: Lambda's id of the invocation, which its own lines have, too."""
    return getattr(event.context, "aws_request_id", None) or getattr(event, "event_id", None) or uuid4().hex
