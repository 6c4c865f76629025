"""The calls that set a bucket up, answered as CoreWeave documents them and not as moto does.

ListBuckets, CreateBucket, DeleteBucket, HeadBucket, GetBucketLocation; the policy calls; the four
inventory calls. Whether the caller may make the call has been judged before. Each function takes a call and
returns the answer, or raises a `Refusal`.
"""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement

from .bucket_list import list_buckets
from .buckets import zone_to_create_in
from .configuration import Configuration, as_element, read_configuration, xml
from .court import Court
from .layout import probe_key
from .options import Options
from .policies import check_policy
from .refusals import Refusal
from .storage import Answer, Plain
from .wire import Call
from .world import Bucket, World

XML = ("Content-Type", "application/xml")
ARRIVES_LATER = {
    "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy", "GetBucketInventoryConfiguration",
    "PutBucketInventoryConfiguration", "DeleteBucketInventoryConfiguration",
    "ListBucketInventoryConfigurations",
}  # fmt: skip
"""The calls that a bucket just created answers with `InvalidRegion` for a while."""


class SetupCalls:
    """The operations of this file by name, over one world."""

    def __init__(self, world: World, court: Court, options: Callable[[], Options]) -> None:
        self._world = world
        self._court = court
        self._options = options
        self._answers: Mapping[str, Callable[[str, Call], Answer]] = {
            "ListBuckets": self._list_buckets,
            "CreateBucket": self._create,
            "DeleteBucket": self._delete,
            "HeadBucket": self._head,
            "GetBucketLocation": self._location,
            "GetBucketPolicy": self._get_policy,
            "PutBucketPolicy": self._put_policy,
            "DeleteBucketPolicy": self._delete_policy,
            "GetBucketInventoryConfiguration": self._get_configuration,
            "PutBucketInventoryConfiguration": self._put_configuration,
            "DeleteBucketInventoryConfiguration": self._delete_configuration,
            "ListBucketInventoryConfigurations": self._list_configurations,
        }

    def answer(self, operation: str, call: Call) -> Answer | None:
        """The answer to a call, None where it is not one of these operations."""
        handle = self._answers.get(operation)
        if handle is None:
            return None
        with self._world.lock:
            if operation in ARRIVES_LATER:
                self._refuse_while_new(self._bucket(call.bucket or ""))
            return handle(call.bucket or "", call)

    def _refuse_while_new(self, bucket: Bucket) -> None:
        age = (self._world.now() - bucket.created).total_seconds()
        if age < self._options().invalid_region_seconds:
            raise Refusal("InvalidRegion", "The bucket is not known in this region yet.")

    def _bucket(self, name: str) -> Bucket:
        try:
            return self._world.buckets[name]
        except KeyError:
            raise Refusal("NoSuchBucket", "The specified bucket does not exist") from None

    # Buckets

    def _list_buckets(self, _name: str, call: Call) -> Answer:
        """All buckets by name, or a page of them where one is asked for or the options say so."""
        options = self._options()
        return list_buckets(self._world.buckets, call.params, options.page_size, options.buckets_in_pages)

    def _create(self, name: str, call: Call) -> Answer:
        zone = zone_to_create_in(name, call.body, self._world, self._options())
        location = (("Location", f"/{name}"),)
        if zone is None:
            return Answer(200, location)
        made = self._world.request(Plain("PUT", f"/{name}"), creates=(name, zone))
        return Answer(200, location) if made.status == 200 else made

    def _delete(self, name: str, _call: Call) -> Answer:
        return self._world.request(Plain("DELETE", f"/{name}"), removes=name)

    def _head(self, name: str, _call: Call) -> Answer:
        return Answer(200, (XML, ("x-amz-bucket-region", self._bucket(name).zone)))

    def _location(self, name: str, _call: Call) -> Answer:
        root = Element("LocationConstraint")
        root.text = self._bucket(name).zone
        return Answer(200, (XML,), xml(root))

    # Policies

    def _get_policy(self, name: str, _call: Call) -> Answer:
        text = self._bucket(name).policy.seen(self._world.now())
        if text is None:
            raise Refusal("NoSuchBucketPolicy", "The bucket policy does not exist")
        return Answer(200, (("Content-Type", "application/json"),), text.encode())

    def _put_policy(self, name: str, call: Call) -> Answer:
        try:
            text = call.body.decode()
        except UnicodeDecodeError as error:
            raise Refusal("MalformedPolicy", "Policies must be valid JSON in UTF-8") from error
        check_policy(text, name, self._options())
        self._world.put_policy(name, text, self._options().visible_after)
        return Answer(204)

    def _delete_policy(self, name: str, _call: Call) -> Answer:
        self._world.put_policy(name, None, self._options().visible_after)
        return Answer(204)

    # Inventory configurations

    def _get_configuration(self, name: str, call: Call) -> Answer:
        written = self._bucket(name).configurations.get(call.params["id"])
        found = None if written is None else written.seen(self._world.now())
        if found is None:
            raise _no_configuration()
        return Answer(200, (XML,), xml(as_element(found)))

    def _put_configuration(self, name: str, call: Call) -> Answer:
        options = self._options()
        found = read_configuration(call.body, call.params.get("id", ""), options)
        there = [key for key, written in self._bucket(name).configurations.items() if written.latest]
        if found.id not in there and len(there) >= options.configurations_per_bucket:
            raise Refusal("TooManyConfigurations", "The bucket has as many configurations as it may have.")
        self._check_destination(name, found)
        self._world.put_configuration(name, found.id, found, options.visible_after)
        return Answer(204)

    def _check_destination(self, source: str, found: Configuration) -> None:
        """What CoreWeave does and AWS does not: refuse a report that could not be written."""
        if found.destination not in self._world.buckets:
            why = "the destination bucket does not exist"
        else:
            key = probe_key(source, found, self._world.now(), self._options())
            verdict = self._court.judge_service(found.destination, key)
            if verdict.allowed:
                return
            why = verdict.why
        raise Refusal(
            "IllegalInventoryConfigurationException",
            f"The inventory service cannot write to the destination: {why}",
        )

    def _delete_configuration(self, name: str, call: Call) -> Answer:
        key = call.params.get("id", "")
        written = self._bucket(name).configurations.get(key)
        if written is None or written.latest is None:
            raise _no_configuration()
        self._world.put_configuration(name, key, None, self._options().visible_after)
        return Answer(204)

    def _list_configurations(self, name: str, call: Call) -> Answer:
        """A page, ordered by id; the token is the last id of the page before."""
        now, after = self._world.now(), call.params.get("continuation-token", "")
        seen = {key: written.seen(now) for key, written in self._bucket(name).configurations.items()}
        left = [found for key, found in sorted(seen.items()) if found is not None and key > after]
        page = left[: self._options().page_size]
        root = Element("ListInventoryConfigurationsResult")
        if after:
            SubElement(root, "ContinuationToken").text = after
        SubElement(root, "IsTruncated").text = str(len(page) < len(left)).lower()
        if len(page) < len(left):
            SubElement(root, "NextContinuationToken").text = page[-1].id
        root.extend([as_element(found) for found in page])
        return Answer(200, (XML,), xml(root))


def _no_configuration() -> Refusal:
    return Refusal("NoSuchInventoryConfiguration", "The specified inventory configuration does not exist.")
