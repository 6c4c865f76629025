"""An inventory as a Terraform file, of CoreWeave's provider or of AWS's.

In come a target, the provider and the endpoint; out comes HCL. Strings were written by others, so all that
means something in HCL (`${`, `%{`) and all that is not plain ASCII is escaped.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.core.export import PolicyTarget, Provider, Target
from chalicelib.core.iam import read_policy
from chalicelib.core.inventory import BUCKET_ARN
from chalicelib.errors import Refused
from chalicelib.templates.hostile import comment

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TEMPLATE = re.compile(r"([$%])\{([A-Za-z0-9:/_., '-]*\})?")
"""What HCL would take for its own: whole, as policies mean `${aws:username}`, or only its beginning."""
_LABELLED = {"_": "__", ".": "_dot_"}
_KEYWORDS = ("for", "true", "false", "null", "if")

_KEPT = "\n  lifecycle {\n    prevent_destroy = true\n  }\n"
"""A bucket of reports does not go because a file was changed."""

_REQUIRED = {"coreweave": ("coreweave/coreweave", ">= 0.19.0"), "aws": ("hashicorp/aws", ">= 5.0")}
"""Source and version of each provider."""
_BUCKET = {"coreweave": "coreweave_object_storage_bucket", "aws": "aws_s3_bucket"}
"""The type of a bucket, with which all types of resource begin."""


def terraform(target: Target, provider: Provider, endpoint_url: str) -> str:
    """The file. Raises `Refused` where a policy holds what HCL has no way to say."""
    blocks = [
        "\n".join(_head(target, provider)),
        "\n".join(_required(provider, endpoint_url)),
        *_bucket(target, provider),
        *(block for each in target.policies for block in _policy(target, each, provider)),
        *_inventory(target, provider),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(target: Target, provider: Provider) -> Iterator[str]:
    yield f"# The inventory {comment(target.inventory.name)}, as Stocktake would leave it."
    yield "# What is there already is imported (Terraform 1.5 or newer). A policy is a whole document, with"
    yield "# the statements of others as they were when this was made: read `terraform plan` first."
    yield "#"
    yield f"# A {_BUCKET[provider]}_policy is the whole policy of a bucket. Of two inventories with"
    yield "# one destination it has to be one resource: apply the file of the one, export the other then, and"
    yield "# put that policy, which holds the statements of both, in the place of the first. What Stocktake"
    yield "# or others write later shows as a difference, which `terraform apply` would take back."
    for each in target.policies:
        if each.policy is not None and each.afterwards:
            yield f"# The policy of {comment(each.bucket)} is written once, as it is to be in the end, and"
            yield "# before the inventory: until that is written too, reports of the one there may fail."
        if each.policy is None:
            yield f"# Stocktake would delete the policy of {comment(each.bucket)}, which is left out here."


def _required(provider: Provider, endpoint_url: str) -> Iterator[str]:
    source, version = _REQUIRED[provider]
    yield "terraform {"
    yield '  required_version = ">= 1.5"'
    yield "  required_providers {"
    yield f"    {provider} = {{"
    yield f"      source  = {_text(source)}"
    yield f"      version = {_text(version)}"
    yield "    }"
    yield "  }"
    yield "}"
    if provider == "aws":
        yield ""
        yield "# The provider has to be given the endpoint and keys of that platform:"
        yield '#   provider "aws" {'
        yield '#     region                      = "us-east-1"'
        yield "#     skip_credentials_validation = true"
        yield "#     skip_requesting_account_id  = true"
        yield "#     skip_metadata_api_check     = true"
        yield "#     skip_region_validation      = true"
        yield f"#     endpoints {{ s3 = {comment(_text(endpoint_url))} }}"
        yield "#   }"


def _bucket(target: Target, provider: Provider) -> Iterator[str]:
    """The destination, where it is to be created; it is in the zone that was asked for."""
    if target.zone is None:
        return
    destination = target.inventory.configuration.destination
    kind, label = _BUCKET[provider], _label(destination)
    if provider == "aws":
        yield (
            f"# It is created in the region of the provider: that must be {comment(_text(target.zone))}.\n"
            f"resource {_text(kind)} {_text(label)} {{\n  bucket = {_text(destination)}\n{_KEPT}}}"
        )
    else:
        yield (
            f"resource {_text(kind)} {_text(label)} {{\n"
            f"  name = {_text(destination)}\n  zone = {_text(target.zone)}\n{_KEPT}}}"
        )
    if target.destination_exists:
        yield _imported(f"{kind}.{label}", destination)


def _policy(target: Target, policy: PolicyTarget, provider: Provider) -> Iterator[str]:
    if policy.policy is None:
        return
    kind, label = _BUCKET[provider], _label(policy.bucket)
    document = _value(read_policy(policy.policy), 1)
    yield (
        f"resource {_text(kind + '_policy')} {_text(label)} {{\n"
        f"  bucket = {_bucket_name(target, policy.bucket, provider)}\n"
        f"  policy = jsonencode({document})\n}}"
    )
    if policy.seen is not None:
        yield _imported(f"{kind}_policy.{label}", policy.bucket)


def _inventory(target: Target, provider: Provider) -> Iterator[str]:
    inventory, asked = target.inventory, target.inventory.configuration
    kind, label = (
        f"{_BUCKET[provider]}_inventory",
        f"{_label(inventory.bucket)}_{_escaped_label(asked.id)}",
    )
    lines = [
        f"  bucket                   = {_bucket_name(target, inventory.bucket, provider)}",
        f"  name                     = {_text(asked.id)}",
        f"  included_object_versions = {_text(asked.versions)}",
        f"  enabled                  = {'true' if asked.enabled else 'false'}",
    ]
    if asked.optional_fields:
        fields = ", ".join(_text(each) for each in asked.optional_fields)
        lines.append(f"  optional_fields          = [{fields}]")
    if asked.filter_prefix:
        lines += ["", "  filter {", f"    prefix = {_text(asked.filter_prefix)}", "  }"]
    lines += ["", "  schedule {", f"    frequency = {_text(asked.frequency)}", "  }", ""]
    lines += ["  destination {", "    bucket {"]
    lines += [f"      bucket_arn = {_text(BUCKET_ARN + asked.destination)}"]
    lines += [f"      format     = {_text(asked.format)}"]
    lines += [f"      prefix     = {_text(asked.report_prefix)}"] if asked.report_prefix else []
    lines += ["    }", "  }"]
    first = f"{_BUCKET[provider]}_policy"
    needed = [f"{first}.{_label(each.bucket)}" for each in target.policies if each.policy]
    if needed:
        lines += ["", f"  depends_on = [{', '.join(needed)}]"]
    yield "\n".join((f"resource {_text(kind)} {_text(label)} {{", *lines, "}"))
    if target.seen is not None:
        yield _imported(f"{kind}.{label}", f"{inventory.bucket}:{asked.id}")


def _bucket_name(target: Target, bucket: str, provider: Provider) -> str:
    """A bucket that is created here has to be there first, so that it is named by its resource."""
    if target.zone is None or bucket != target.inventory.configuration.destination:
        return _text(bucket)
    attribute = "bucket" if provider == "aws" else "name"
    return f"{_BUCKET[provider]}.{_label(bucket)}.{attribute}"


def _imported(address: str, id: str) -> str:
    return f"import {{\n  to = {address}\n  id = {_text(id)}\n}}"


def _value(value: Any, level: int) -> str:
    """JSON as an expression of HCL, an element a line where it is not short."""
    inner, outer = "  " * (level + 1), "  " * level
    if isinstance(value, Mapping) and value:
        pairs = [(_key(key), _value(each, level + 1)) for key, each in value.items()]
        lines = "".join(f"{inner}{each}\n" for each in _aligned(pairs))
        return f"{{\n{lines}{outer}}}"
    if isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        lines = "".join(f"{inner}{_value(each, level + 1)},\n" for each in value)
        return f"[\n{lines}{outer}]"
    if isinstance(value, list):
        return f"[{', '.join(_value(each, level) for each in value)}]"
    if isinstance(value, Mapping):
        return "{}"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _aligned(pairs: list[tuple[str, str]]) -> Iterator[str]:
    """As `terraform fmt` has them: neighbours of one line each have their signs below each other."""
    for short, run in itertools.groupby(pairs, key=lambda pair: "\n" not in pair[1]):
        listed = list(run)
        width = max(len(key) for key, _ in listed) if short else 0
        yield from (f"{key:{width}} = {value}" for key, value in listed)


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) and key not in _KEYWORDS else _text(key)


def _label(bucket: str) -> str:
    """A name for a resource: letters, digits, _ and -, not beginning with a digit or -."""
    label = _escaped_label(bucket)
    return label if _IDENTIFIER.fullmatch(label) else f"_{label}"


def _escaped_label(name: str) -> str:
    """Names that differ stay different, so that files of several exports can be put together."""
    return re.sub(r"[^A-Za-z0-9-]", lambda sign: _LABELLED.get(sign[0]) or f"_{ord(sign[0])}_", name)


def _text(text: str) -> str:
    """A quoted template of HCL that stands for just this text."""
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise Refused("A policy holds half of a surrogate pair, which Terraform has no way to say.")
    return '"' + _TEMPLATE.sub(_escaped, "".join(_sign(each) for each in text)) + '"'


def _escaped(found: re.Match[str]) -> str:
    """A whole one is doubled; of a beginning, which not every reader takes doubled, the brace is escaped."""
    return f"{found[1] * 2}{{{found[2]}" if found[2] else f"{found[1]}\\u007b"


def _sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(sign) or (
        f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
    )
