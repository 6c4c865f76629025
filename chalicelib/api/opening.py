"""The view that hands out code to open a report with."""

from chalicelib.api.openapi_contents import ENGINES
from chalicelib.api.reading import record_asked_for, report_asked_for
from chalicelib.api.web import Answer, Ask
from chalicelib.core.opening import Engine, opening
from chalicelib.errors import FieldProblem, Invalid
from chalicelib.ports import Turn
from chalicelib.wiring import Services


def open_report(ask: Ask, services: Services, turn: Turn) -> Answer:
    """Code for an engine. `WrongState` where the report cannot be opened."""
    ask.allow_query("with")
    engine = _engine(ask)
    record, report = record_asked_for(ask, services), report_asked_for(ask, services)
    return Answer.plain(services.open_report(opening(record.inventory, report, engine), engine))


def _engine(ask: Ask) -> Engine:
    asked = ask.query.get("with", "duckdb")
    found = next((each for each in ENGINES if each == asked), None)
    if found is None:
        raise Invalid((FieldProblem("/with", f"must be one of {', '.join(ENGINES)}"),))
    return found
