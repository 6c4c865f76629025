"""The views that show what would be done for an inventory, and hand it on to other tools. None writes."""

from chalicelib.api.answers import body_of, preview_answer
from chalicelib.api.forms import exported, form_asked_for, text_of_plan
from chalicelib.api.openapi_plans import EXPORT_FORMATS, PLAN_FORMATS
from chalicelib.api.reading import record_asked_for
from chalicelib.api.web import Answer, Ask
from chalicelib.ports import Turn
from chalicelib.wiring import Services


def get_plan(ask: Ask, services: Services, turn: Turn) -> Answer:
    """What would be done for one inventory, by a look now."""
    ask.allow_query("format")
    form = form_asked_for(ask, PLAN_FORMATS)
    preview = services.foresee.preview(record_asked_for(ask, services))
    if form.name == "text":
        return text_of_plan(preview, services)
    return Answer(200, preview_answer(preview, services.settings.deployment))


def export_inventory(ask: Ask, services: Services, turn: Turn) -> Answer:
    """One inventory for another tool."""
    ask.allow_query("format", "provider")
    form = form_asked_for(ask, EXPORT_FORMATS)
    record = record_asked_for(ask, services)
    if form.name == "json":
        return Answer(200, body_of(record.inventory))
    return exported(record, form, services)
