"""The stage: which of several deployments in one account is meant, and what is named after it."""

import re

from deploy.errors import DeployError

_STAGE = re.compile(r"[a-z][a-z0-9-]{0,19}")


def name_of(stage: str) -> str:
    """The name of the stage's stack, of its table and of its secret. Raises `DeployError`."""
    if not stage:
        raise DeployError("Say which deployment is meant: STAGE=prod, or another name of your choice.")
    if not _STAGE.fullmatch(stage):
        raise DeployError(
            f"STAGE={stage} will not do: a stage has up to 20 small letters, digits and hyphens"
            " and begins with a letter."
        )
    return f"stocktake-{stage}"
