"""The main job, done once and told step by step: asked, set up, landed, drifted, mended.

In come the world and the application's address; out go lines on standard output. Every step waits for
what really happens, as a user would see it: answers over HTTP, messages in the inbox, what the platform
has. `StepFailed` names the step that did not come about.
"""

import json
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from local.inbox import Received
from local.platform.judge import INVENTORY_SERVICE
from local.story_words import as_read, compact, step_words
from local.world import ANALYST, DAY_SECONDS, TEAM, ZONE, World

BUCKET, ID, REPORTS = "production-data", "daily-all", "inventory-reports"
ADDRESS = f"/inventories/{BUCKET}/{ID}"
ARCHIVE, BY_HAND = "archive-data", "by-hand"
CONFIGURATION: dict[str, Any] = {
    "IsEnabled": True,
    "IncludedObjectVersions": "Current",
    "OptionalFields": ["Size", "LastModifiedDate", "LastAccessedDate", "StorageClass"],
    "Schedule": {"Frequency": "Daily"},
    "Destination": {"S3BucketDestination": {"Bucket": REPORTS, "Format": "CSV", "Prefix": "inventory/"}},
}
ASKED = {
    "configuration": CONFIGURATION,
    "notify": ["storage-team", "storage-mail", {"channel": "pipeline", "kinds": ["report.landed"]}],
    "create_destination": {"zone": ZONE},
}
COLLEAGUES: dict[str, Any] = {
    "Sid": "ColleaguesArchive",
    "Effect": "Allow",
    "Principal": {"CW": INVENTORY_SERVICE},
    "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
    "Resource": f"arn:aws:s3:::{REPORTS}/archive/*",
}
"""What a colleague adds to the policy of the reports, to set an inventory up by hand."""
_PATIENCE = 90.0
"""Seconds; a claim or lease of a process that was killed runs out after 60."""


class StepFailed(Exception):
    """A step that did not come about in its time."""


class Story:
    """Tells the main job while it happens."""

    def __init__(self, world: World, url: str, say: Callable[[str], None]) -> None:
        self._world = world
        self._url = url
        self._say = say
        self._number = 0

    def tell(self) -> None:
        """All steps. Raises `StepFailed`."""
        self._wait("the application answers", self._healthy)
        self._a_bucket_in_use()
        seen = len(self._world.inbox.received)
        self._asked()
        self._others_still_work()
        self._landed(seen)
        seen = len(self._world.inbox.received)
        self._changed_behind_its_back(seen)
        seen = len(self._world.inbox.received)
        self._mended(seen)
        self._set_up_by_hand()
        self._taken_over()
        seen = len(self._world.inbox.received)
        self._repaired(seen)

    def _a_bucket_in_use(self) -> None:
        self._step(f"A team keeps its data in the bucket {BUCKET}, which has no policy.")
        team = self._world.platform.client(TEAM.access_key_id)
        team.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": ZONE})
        for number in range(12):
            team.put_object(Bucket=BUCKET, Key=f"documents/{number:02}.txt", Body=b"x" * (1000 + number))
        self._tell("It has 12 objects.")

    def _asked(self) -> None:
        self._step(f"Somebody asks for a daily inventory of it: PUT {ADDRESS}")
        self._tell(compact(ASKED))
        status, record = self._request("PUT", ADDRESS, ASKED)
        if status not in (200, 201, 202):
            raise StepFailed(f"step {self._number}: the answer was {status}: {json.dumps(record)}")
        self._tell(f"Answer {status}: state {record['state']}. What was done:")
        for step in record["steps"]:
            self._tell(step_words(step))
        if not record["steps"]:
            self._tell("- nothing: the platform was as it should be")
        for warning in record["warnings"]:
            self._tell(f"- note: {warning}")
        self._wait("the inventory is applied", lambda: self._record()["state"] == "applied")

    def _others_still_work(self) -> None:
        self._step("Nobody was locked out: an analyst of the organization still has access to both buckets.")
        analyst = self._world.platform.client(ANALYST.access_key_id)
        analyst.get_object(Bucket=BUCKET, Key="documents/00.txt")
        analyst.put_object(Bucket=REPORTS, Key="notes/analyst.txt", Body=b"still here")
        self._tell(f"Read {BUCKET}/documents/00.txt and wrote {REPORTS}/notes/analyst.txt.")

    def _landed(self, seen: int) -> None:
        self._step(
            "The platform writes a report and tells nobody. Stocktake finds it and tells Slack, mail and a"
            " pipeline:"
        )
        slack = self._notice("report.landed", "slack", seen)
        self._show(slack)
        self._show(self._notice("report.landed", "mail", seen))
        self._show(self._notice("report.landed", "webhook", seen))
        report = self._request("GET", ADDRESS + "/reports?limit=1")[1]["items"][0]
        manifest = report["manifest"]
        self._tell(f"The manifest is at s3://{manifest['bucket']}/{manifest['key']}.")
        self._summed_up(f"{ADDRESS}/reports/{report['id']}/summary")

    def _summed_up(self, path: str) -> None:
        self._wait("the report is summed up", lambda: self._request("GET", path)[0] == 200)
        summary = self._request("GET", path)[1]
        if (summary["objects"], summary["missing_files"]) != (12, 0):
            raise StepFailed(f"step {self._number}: the report says something else: {json.dumps(summary)}")
        self._tell(f"What it says is more than the notice has room for: GET {path}")
        for each in (summary["largest"] or ())[:3]:
            self._tell(f"- {each['key']}: {each['size']} bytes")

    def _changed_behind_its_back(self, seen: int) -> None:
        self._step("Somebody changes the configuration behind Stocktake's back: weekly, and without sizes.")
        changed = json.loads(json.dumps({"Id": ID, **CONFIGURATION}))
        changed["Schedule"]["Frequency"] = "Weekly"
        changed["OptionalFields"].remove("Size")
        team = self._world.platform.client(TEAM.access_key_id)
        team.put_bucket_inventory_configuration(Bucket=BUCKET, Id=ID, InventoryConfiguration=changed)
        self._show(self._notice("drift.found", "slack", seen))

    def _mended(self, seen: int) -> None:
        self._step(
            f"The same PUT {ADDRESS} once more puts it back, and Slack is told that the drift is over:"
        )
        status, record = self._request("PUT", ADDRESS, ASKED)
        if status not in (200, 202):
            raise StepFailed(f"step {self._number}: the answer was {status}: {json.dumps(record)}")
        self._show(self._notice("drift.resolved", "slack", seen))
        self._tell(f"The record says so too: drift is {self._record()['drift']['status']}.")

    def _set_up_by_hand(self) -> None:
        self._step(f"Meanwhile a colleague has set up an inventory of {ARCHIVE} by hand. Stocktake sees it:")
        team = self._world.platform.client(TEAM.access_key_id)
        team.create_bucket(Bucket=ARCHIVE, CreateBucketConfiguration={"LocationConstraint": ZONE})
        policy = json.loads(team.get_bucket_policy(Bucket=REPORTS)["Policy"])
        rest = [each for each in policy["Statement"] if each["Sid"] != COLLEAGUES["Sid"]]
        text = json.dumps({**policy, "Statement": [*rest, COLLEAGUES]})
        team.put_bucket_policy(Bucket=REPORTS, Policy=text)
        document = by_hand()
        self._wait("the colleague's configuration is taken", lambda: _put(team, document))
        self._tell("GET /buckets")
        for each in self._request("GET", "/buckets")[1]["items"]:
            self._tell(f"- {each['name']}: {each['status']}")

    def _taken_over(self) -> None:
        address = f"/inventories/{ARCHIVE}/{BY_HAND}"
        self._step(f"Stocktake takes it under management as it is: POST {address}/adopt")
        status, record = self._request("POST", address + "/adopt", {"notify": ["storage-team"]})
        if status not in (200, 201):
            raise StepFailed(f"step {self._number}: the answer was {status}: {json.dumps(record)}")
        self._tell(f"Answer {status}: state {record['state']}, drift {record['drift']['status']}.")
        self._tell("Nothing was written." if not record["steps"] else compact(record["steps"]))

    def _repaired(self, seen: int) -> None:
        self._step(f"From now on changes of {ADDRESS} are to be put back: PATCH with on_drift: repair.")
        self._request("PATCH", ADDRESS, {"on_drift": "repair"})
        self._wait("the wish is applied", lambda: self._record()["state"] == "applied")
        self._tell("Somebody deletes the configuration; Stocktake puts it back and says so:")
        team = self._world.platform.client(TEAM.access_key_id)
        team.delete_bucket_inventory_configuration(Bucket=BUCKET, Id=ID)
        self._show(self._notice("drift.repaired", "slack", seen))

    def _notice(self, kind: str, via: str, seen: int) -> Received:
        found: list[Received] = []

        def came() -> bool:
            news = self._world.inbox.received[seen:]
            found[:] = [each for each in news if each.kind == kind and each.via == via][:1]
            return bool(found)

        self._wait(f"a notice {kind} by {via}", came)
        return found[0]

    def _show(self, message: Received) -> None:
        by = {
            "slack": "In Slack",
            "mail": f"By mail to {', '.join(message.hook_or_recipients)}",
            "webhook": f"As an event, signed, to the webhook {', '.join(message.hook_or_recipients)}",
        }[message.via]
        self._tell(f"{by}, {message.at:%H:%M:%S} UTC: {message.subject}")
        text = as_read(message.blocks) if message.via == "slack" else message.text
        text = text.strip().removeprefix(message.subject)  # told on the line above
        self._say(textwrap.indent(text.strip(), "      | ", lambda _line: True))

    def _record(self) -> Any:
        return self._request("GET", ADDRESS)[1]

    def _healthy(self) -> bool:
        try:
            return self._request("GET", "/health")[0] == 200
        except OSError:
            return False

    def _wait(self, what: str, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                if happened():
                    return
            except OSError:  # the application is being started again
                pass
            if time.monotonic() > deadline:
                raise StepFailed(f"step {self._number}: {_PATIENCE:g} seconds passed without this: {what}")
            time.sleep(0.1)

    def _request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one request; a connection that fails is tried again for a while."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._once(method, path, body)
            except OSError:
                if path == "/health" or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _once(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._world.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url + path, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=40) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as exc:
            with exc:
                return exc.code, json.load(exc)

    def _step(self, text: str) -> None:
        self._number += 1
        self._say(f"\n{self._number}. {text}")

    def _tell(self, text: str) -> None:
        self._say(textwrap.indent(text, "   "))


def by_hand() -> dict[str, Any]:
    """The configuration that the colleague puts."""
    target = {"Bucket": REPORTS, "Format": "CSV", "Prefix": "archive"}
    return {**CONFIGURATION, "Id": BY_HAND, "Destination": {"S3BucketDestination": target}}


def _put(team: Any, document: dict[str, Any]) -> bool:
    """Put the colleague's configuration until it shows; both take a moment."""
    try:
        team.get_bucket_inventory_configuration(Bucket=ARCHIVE, Id=BY_HAND)
    except team.exceptions.ClientError:
        with suppress(team.exceptions.ClientError):
            team.put_bucket_inventory_configuration(
                Bucket=ARCHIVE, Id=BY_HAND, InventoryConfiguration=document
            )
        return False
    return True


def closing_words(world: World, url: str) -> str:
    """What to open and to try while everything stays up."""
    addresses = world.addresses
    token = world.token
    return f"""
Everything stays up; a "day" lasts {DAY_SECONDS} seconds here, so a report lands every {DAY_SECONDS} seconds.

   every inventory             {url}/  (any name; password: {token})
   the notices as they come    http://127.0.0.1:{addresses.inbox}/
   the platform stand-in       http://127.0.0.1:{addresses.platform}/_standin/
   the application             {url}/openapi.json

Three commands to try:

   curl -s -H 'Authorization: Bearer {token}' {url}{ADDRESS}
   curl -s -H 'Authorization: Bearer {token}' '{url}{ADDRESS}/reports?limit=3'
   curl -s -H 'Authorization: Bearer {token}' -X PATCH '{url}{ADDRESS}?dry_run=true' \\
        -H 'Content-Type: application/merge-patch+json' \\
        -d '{{"configuration": {{"Schedule": {{"Frequency": "Weekly"}}}}}}'

Ctrl-C ends it.
"""
