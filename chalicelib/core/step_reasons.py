"""Why a step is done, in words: a plan is read before it is carried out.

In comes a step with what it replaces; out go its reasons, each the rest of a sentence that begins "because".
"""

from chalicelib.core.inventory import configuration_differences
from chalicelib.core.plan import CreateBucket, DeleteConfiguration, PutConfiguration, Step


def reasons_of(step: Step) -> tuple[str, ...]:
    """The reasons. Those of a policy are what is to be done in it."""
    match step:
        case CreateBucket(bucket, zone):
            return (f"the destination {bucket} does not exist, and is to be created in {zone}",)
        case PutConfiguration(_, _, document, before):
            if before is None:
                return ("there is no inventory configuration of this id",)
            paths = [each.path for each in configuration_differences(document, before)]
            return (f"what is there differs in {', '.join(paths)}",) if paths else ("it is written again",)
        case DeleteConfiguration():
            return ("the inventory is to be taken away",)
    return step.reasons
