"""In which form a plan or an inventory is answered: JSON, a text for people, commands, Terraform.

In come the parameters `format` and `provider`; out comes the form asked for, or `Invalid`, and the answer in
that form.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.api.pointer import pointer
from chalicelib.api.web import Answer, Ask
from chalicelib.core.export import PROVIDERS, Provider, Target, beyond_aws
from chalicelib.core.preview import Preview
from chalicelib.core.record import Record
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.wiring import Services


@dataclass(frozen=True, slots=True)
class Form:
    """`name` is the format; the provider is of use to Terraform alone."""

    name: str
    provider: Provider = "coreweave"


def form_asked_for(ask: Ask, formats: Sequence[str]) -> Form:
    """The form that the parameters ask for, JSON where they do not. Raises `Invalid`."""
    name = ask.query.get("format", "json")
    if name not in formats:
        raise _problem("format", f"must be one of {', '.join(formats)}")
    given = ask.query.get("provider")
    if given is None:
        return Form(name)
    provider = next((each for each in PROVIDERS if each == given), None)
    if provider is None:
        raise _problem("provider", f"must be one of {', '.join(PROVIDERS)}")
    if name != "terraform":
        raise _problem("provider", "is only for format=terraform; leave it out")
    return Form(name, provider)


def text_of_plan(preview: Preview, services: Services) -> Answer:
    """The plan as people read it."""
    return Answer.plain(services.plan_text(preview))


def exported(record: Record, form: Form, services: Services) -> Answer:
    """Commands or Terraform, by a look now. Raises `Refused`, `PlatformAway` and `Invalid`."""
    if form.provider == "aws" and (words := beyond_aws(record.inventory)):
        raise _problem("provider", words)
    target = Target.of(services.foresee.described(record), services.settings.deployment)
    if form.name == "aws-cli":
        return Answer.plain(services.script(target))
    return Answer.plain(services.terraform(target, form.provider))


def _problem(name: str, words: str) -> Invalid:
    return Invalid((FieldProblem(pointer(name), words),))
