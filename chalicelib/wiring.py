"""The composition root: from settings to services, each made when it is first used.

A cold start pays for every import and every client, so an adapter is imported where it is made: what a
handler does not use it does not load.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.configured_channels import ConfiguredChannels
from chalicelib.core.access import Credentials
from chalicelib.ports import Channels, Secrets, StateStore, Turn
from chalicelib.settings import Settings, read_settings

if TYPE_CHECKING:
    from chalicelib.adapters.s3_buckets import S3Buckets
    from chalicelib.adapters.s3_connection import S3Connection
    from chalicelib.contents_services import ContentsServices
    from chalicelib.core.export import Provider, Target
    from chalicelib.core.opening import Engine, Opening
    from chalicelib.core.preview import Preview
    from chalicelib.flows.adopt import Adopt
    from chalicelib.flows.configure import Configure
    from chalicelib.flows.deliver import Deliver
    from chalicelib.flows.foresee import Foresee
    from chalicelib.flows.glance import Glance
    from chalicelib.flows.many import Many
    from chalicelib.flows.preflight import Preflight
    from chalicelib.flows.read_policies import ReadPolicies
    from chalicelib.flows.reconcile import Reconcile
    from chalicelib.flows.redrive import Redrive
    from chalicelib.flows.restore import Restore
    from chalicelib.flows.survey import Survey
    from chalicelib.flows.sweep import Sweep
    from chalicelib.flows.try_channel import TryChannel
    from chalicelib.templates.pages import Pages

REQUEST_SECONDS = 20.0
"""A request works for this long at most, and then answers 202."""

TICK_SECONDS = 50.0
"""A schedule's turn, shorter than the minute between two of them."""

TASK_SECONDS = 290.0
"""A worker's turn with one task of a report."""


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
    def foresee(self) -> "Foresee":
        """Say what would be done."""
        from chalicelib.flows.foresee import Foresee

        settings = self.settings
        return Foresee(self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def survey(self) -> "Survey":
        """Look at what inventory there is."""
        from chalicelib.flows.survey import Survey

        return Survey(self._buckets, self.store)

    @cached_property
    def read_policies(self) -> "ReadPolicies":
        """Read the policies of an inventory's buckets."""
        from chalicelib.flows.read_policies import ReadPolicies

        return ReadPolicies(self._buckets, self.store)

    @cached_property
    def adopt(self) -> "Adopt":
        """Take what somebody else has set up under management."""
        from chalicelib.flows.adopt import Adopt

        settings = self.settings
        return Adopt(self._buckets, self.store, settings.deployment, settings.times)

    @cached_property
    def many(self) -> "Many":
        """Adopt and apply on many buckets at once."""
        from chalicelib.flows.many import Many

        deployment = self.settings.deployment
        return Many(self._buckets, self.store, self.adopt, self.configure, deployment)

    @cached_property
    def sweep(self) -> "Sweep":
        """Look for reports."""
        from chalicelib.adapters.s3_objects import S3Objects
        from chalicelib.contents_services import summing
        from chalicelib.flows.sweep import Sweep

        settings = self.settings
        source = S3Objects(self._connection)
        deployment, times = settings.deployment, settings.times
        return Sweep(source, self._buckets, self.store, deployment, times, summing(settings))

    @cached_property
    def contents(self) -> "ContentsServices":
        """Sum reports up."""
        from chalicelib.contents_services import ContentsServices

        return ContentsServices(self.settings, lambda: self.store, lambda: self._connection)

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
    def glance(self) -> "Glance":
        """See every inventory at a glance."""
        from chalicelib.flows.glance import Glance

        return Glance(self.store, self.channels, self.settings.prices)

    @cached_property
    def pages(self) -> "Pages":
        """What people look at in a browser."""
        from chalicelib.templates.pages import Pages

        return Pages()

    def plan_text(self, preview: "Preview") -> str:
        """A plan as people read it."""
        from chalicelib.templates.plan_text import plan_text

        return plan_text(preview, self.settings.deployment)

    def script(self, target: "Target") -> str:
        """An inventory as commands of the AWS CLI."""
        from chalicelib.templates.aws_cli_script import aws_cli_script

        return aws_cli_script(target, self.settings.endpoint_url)

    def terraform(self, target: "Target", provider: "Provider") -> str:
        """An inventory as a Terraform file."""
        from chalicelib.templates.terraform import terraform

        return terraform(target, provider, self.settings.endpoint_url)

    def open_report(self, opening: "Opening", engine: "Engine") -> str:
        """Code that opens a report. Only Trino has to be told the files, which takes a look."""
        from chalicelib.adapters.s3_objects import S3Objects
        from chalicelib.flows.open_report import OpenReport
        from chalicelib.templates.open_report import Platform, open_report

        platform = Platform(self.settings.endpoint_url, self.settings.addressing)
        look = OpenReport(S3Objects(self._connection)) if engine == "trino" else None
        return open_report(opening, engine, platform, look.keys(opening) if look else ())

    @cached_property
    def preflight(self) -> "Preflight":
        """Look at what setting up would need."""
        from chalicelib.adapters.s3_objects import S3Objects
        from chalicelib.flows.preflight import Preflight

        source = S3Objects(self._connection)
        return Preflight(self._buckets, source, self.store, self.settings.deployment)

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


@cache
def services() -> Services:
    """The services of this process, from its environment. Raises `Misconfigured`."""
    return Services(read_settings(os.environ))
