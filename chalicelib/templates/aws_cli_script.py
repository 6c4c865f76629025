"""An inventory as commands of the AWS CLI: one POSIX shell script, to be read before it is run.

In come a target and the endpoint; out comes the script. Names and policies were written by others: what is
not plain ASCII stands in it as its escape, and what is a word of a command is quoted.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jmespath
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.core.export import PolicyTarget, Target
from chalicelib.core.iam import read_policy, statements
from chalicelib.core.inventory import BUCKET_ARN, normalised
from chalicelib.templates.hostile import comment

_TARGET = "Destination.S3BucketDestination"
_MEANING = {
    "Id": "Id",
    "IsEnabled": "IsEnabled",
    "Versions": "IncludedObjectVersions",
    "Frequency": "Schedule.Frequency",
    "Fields": "sort(OptionalFields || `[]`)",
    "Filter": 'Filter.Prefix || `""`',
    "Bucket": f"{_TARGET}.Bucket",
    "Format": f"{_TARGET}.Format",
    "Prefix": f'{_TARGET}.Prefix || `""`',
    "Account": f"{_TARGET}.AccountId",
    "Encryption": f"{_TARGET}.Encryption",
}
_QUERY = f"InventoryConfiguration.{{{', '.join(f'{key}: {path}' for key, path in _MEANING.items())}}}"
"""All that a configuration says, as a query that the CLI answers too; `plain` of the script does the rest."""


def aws_cli_script(target: Target, endpoint_url: str) -> str:
    """The script."""
    inventory, asked = target.inventory, target.inventory.configuration
    files = dict(_files(target))
    text: str = _template().render(
        name=comment(inventory.name),
        bucket=inventory.bucket,
        destination=asked.destination,
        place=comment(f"{asked.destination}/{asked.report_prefix}"),
        endpoint=endpoint_url,
        zone=target.zone,
        id=asked.id,
        delimiter=_delimiter("\n".join(files.values())),
        files=files,
        policies=target.policies,
        rights=list(_rights(target)),
        query=_QUERY,
        arn=BUCKET_ARN,
    )
    return text


def _files(target: Target) -> Iterator[tuple[str, str]]:
    """The files of the script. No bucket's name has a dot, so that none is called as another."""
    yield "configuration.json", _json(target.configuration)
    yield "configuration.meaning.json", _meaning(target.configuration)
    if target.seen is not None:
        yield "configuration.seen.json", _meaning(target.seen)
    for each in target.policies:
        named = {"seen": each.seen, "first": each.first if each.afterwards else None, "last": each.policy}
        for name, text in named.items():
            if text is not None:
                yield f"{each.bucket}.policy.{name}.json", _policy(text)


def _meaning(document: Mapping[str, Any]) -> str:
    """What `read_configuration` of the script makes of this configuration."""
    found: dict[str, Any] = jmespath.search(_QUERY, {"InventoryConfiguration": normalised(document)})
    return _json(found | {"Prefix": found["Prefix"].rstrip("/")})


def _template() -> Any:
    # It makes no markup: words of commands are quoted by `word`, and comments are made fit before.
    environment = Environment(  # noqa: S701
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["word"] = lambda text: shlex.quote(str(text))
    environment.filters["conditions"] = _conditions
    return environment.get_template("aws_cli_script.sh.j2")


def _conditions(policy: PolicyTarget) -> str:
    """What may be there instead of what was seen: see `check_policy` in the script."""
    return "none-too" if policy.keeps or policy.seen is None else "as-seen"


def _rights(target: Target) -> Iterator[str]:
    """What whoever runs the script needs, in the words of a policy."""
    inventory = target.inventory
    actions = "s3:PutInventoryConfiguration, s3:GetInventoryConfiguration"
    yield f"{actions} on {BUCKET_ARN}{inventory.bucket}"
    if target.zone is not None:
        yield f"s3:CreateBucket on {BUCKET_ARN}{inventory.configuration.destination}, if it does not exist"
    for each in target.policies:
        verb = "Delete" if each.policy is None else "Put"
        yield f"s3:GetBucketPolicy, s3:{verb}BucketPolicy on {BUCKET_ARN}{comment(each.bucket)}"


def _policy(text: str) -> str:
    """The policy, a statement a line; what is not plain ASCII is escaped, as JSON allows."""
    document = read_policy(text)
    listed = ",\n  ".join(_json(each) for each in statements(document))
    parts = [
        f"{_json(key)}: " + (f"[\n  {listed}\n]" if key == "Statement" else _json(value))
        for key, value in document.items()
    ]
    return "{" + ",\n ".join(parts) + "}"


def _json(value: Any) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _delimiter(text: str) -> str:
    """A word for the here-documents that stands in none of them."""
    word = "END_OF_JSON"
    while word in text:
        word += "_"
    return word
