"""One deployment, from the source to a stack that works: package, look, upload, apply, tell.

In come a stage and the environment; out comes a stack in AWS. Doing it again updates the stack, and changes
nothing where nothing is new.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import secret
from deploy.artifacts import bucket_for
from deploy.aws import Aws, AwsError
from deploy.errors import DeployError
from deploy.package import ROOT, Package
from deploy.parameters import SET_BY_STAGE, check, given, unknown
from deploy.stack import NEVER_WAS, ONLY_PLANNED, Stack, delete, look, why_failed
from deploy.stage import name_of
from deploy.surroundings import found

OWN_TEMPLATE = ROOT / ".chalice" / "resources.json"
"""What the template has beside what Chalice makes: parameters, the table and the rest."""

_PACKAGED = "packaged.json"
_NO_CHANGE = "No changes to deploy"
_BEGUN = "Failed to create/update the stack"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for. `bucket` is empty for the usual one; `folder` takes the package."""

    stage: str
    bucket: str
    folder: Path
    environment: Mapping[str, str]


def deploy(
    order: Order, aws: Aws, build: Callable[[Path], Package], say: Callable[[str], None] = print
) -> None:
    """Deploy what is ordered. Raises `DeployError` that says what failed and why."""
    name = name_of(order.stage)
    stack = _ready(aws, name, say)
    overrides = _overrides(order, stack, aws, say)
    bucket = bucket_for(aws, order.bucket, say)
    say("Packaging; half a minute, the first time a whole one.")
    order.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="deploy-", dir=order.folder) as made:  # another deployment may run
        package = build(Path(made))
        python = ".".join(map(str, package.python))
        sizes = (f"{each / 1e6:.1f} MB" for each in (package.zipped, package.layer.zipped))
        say("Uploading {} of code and {} of its layer for Python {} to {}.".format(*sizes, python, bucket))
        where = ("--s3-bucket", bucket, "--s3-prefix", name)
        packaged = Path(made) / _PACKAGED
        aws(
            *("cloudformation", "package", "--template-file", str(package.template), *where),
            *("--output-template-file", str(packaged), "--use-json"),
        )
        say(f"{'Updating' if stack else 'Making'} the stack {name} in {aws.region}; some minutes.")
        say(_apply(aws, name, packaged, where, overrides))
    say(_next_steps(aws, name, order.stage))


def _ready(aws: Aws, name: str, say: Callable[[str], None]) -> Stack | None:
    """The stack as it is; None where there is none to update."""
    stack = look(aws, name)
    if stack is not None and stack.status == NEVER_WAS:
        say("The first deployment failed; taking away what is left of it.")
        delete(aws, name)
        return None
    return None if stack is not None and stack.status == ONLY_PLANNED else stack


def _overrides(order: Order, stack: Stack | None, aws: Aws, say: Callable[[str], None]) -> dict[str, str]:
    """The parameters that are set by this deployment. Raises `DeployError` where they will not do."""
    template = json.loads(OWN_TEMPLATE.read_text("utf-8"))
    parameters = template["Parameters"]
    for variable in unknown(parameters, order.environment):
        known = variable in SET_BY_STAGE
        say(f"{variable} is {'set by the stage' if known else 'no setting of a deployment'} and not used.")
    overrides = {"Stage": order.stage, **given(parameters, order.environment)}
    check(parameters, stack.parameters if stack else {}, overrides)
    if stack is None:
        table = template["Resources"]["Table"]["Properties"]
        overrides |= found(aws, name_of(order.stage), table, overrides, say)
    return overrides


def _apply(aws: Aws, name: str, packaged: Path, where: tuple[str, ...], overrides: Mapping[str, str]) -> str:
    """Apply the template; returns what became of it in a sentence."""
    values = [f"{parameter}={value}" for parameter, value in overrides.items()]
    try:
        said = aws(
            *("cloudformation", "deploy", "--template-file", str(packaged), "--stack-name", name, *where),
            *("--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"),
            *("--parameter-overrides", *values),
        )
    except AwsError as exc:
        # a change that was refused before it began has no events; those there tell of an earlier one
        reasons = why_failed(aws, name) if _BEGUN in str(exc) else []
        raise DeployError("\n  ".join([str(exc), *reasons])) from exc
    return "Nothing is new: the stack stays as it is." if _NO_CHANGE in said else "The stack is up to date."


def _next_steps(aws: Aws, name: str, stage: str) -> str:
    stack = look(aws, name)
    address = stack.outputs.get("EndpointURL", "?").rstrip("/") if stack else "?"  # paths begin with a slash
    lines = [f"The API is at {address}"]
    command = f"make secret STAGE={stage} FILE=secrets.json"
    if secret.there(aws, name):
        lines.append(f"Its secrets document is the secret {name}. To change it: {command}")
    else:
        lines.append(f"It has no secrets document yet. Write one, then: {command}")
    lines.append("A token, and what of it goes into the document: make token NAME=ops SCOPE=write")
    return "\n".join(lines)
