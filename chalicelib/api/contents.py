"""The views of what reports say: the summary of one report, and the trend of all."""

from chalicelib.api.answers import time_answer
from chalicelib.api.contents_answers import contents_answer, point_answer
from chalicelib.api.reading import record_asked_for, report_asked_for
from chalicelib.api.web import Answer, Ask
from chalicelib.core.job_steps import in_trouble
from chalicelib.core.report import Report
from chalicelib.core.summary_job import Subject
from chalicelib.errors import WrongState
from chalicelib.ports import Turn
from chalicelib.wiring import Services


def get_summary(ask: Ask, services: Services, turn: Turn) -> Answer:
    """What one report says. `WrongState` where the report is there and not summed up, with why."""
    ask.allow_query()
    report = report_asked_for(ask, services)
    bucket, id = ask.name("bucket"), ask.name("id")
    contents = services.store.contents(bucket, id, report.id)
    if contents is None:
        raise WrongState(_why_not(services, Subject(bucket, id, report.id), report, turn))
    return Answer(200, contents_answer(contents, services.settings.prices))


def list_trend(ask: Ask, services: Services, turn: Turn) -> Answer:
    """A point for each report that was summed up, newest first."""
    ask.allow_query("limit", "after")
    record = record_asked_for(ask, services)
    page = services.store.trend(record.bucket, record.id, limit=ask.limit(), after=ask.query.get("after"))
    prices = services.settings.prices
    return Answer(200, {"items": [point_answer(each, prices) for each in page.items], "next": page.next})


def _why_not(services: Services, subject: Subject, report: Report, turn: Turn) -> str:
    if report.outcome != "complete":
        return f"This report is {report.outcome}; only a complete one is summed up."
    if not report.files:
        return "This report names no data files, so that there is nothing to sum up."
    job = services.store.job(subject)
    if job is None:
        off = " They are off now." if services.settings.tasks is None else ""
        return (
            "This report is not summed up: summaries were off (STOCKTAKE_TASKS) or not yet there when it was"
            f" found, or its manifest was replaced before its files were read.{off}"
        )
    if job.tasks is None:
        return f"This report is to be summed up since {time_answer(job.made_at)}; ask again later."
    done = len(services.store.part_numbers(subject).difference(job.split))
    said = f" The platform keeps some from being read: {job.trouble}." if in_trouble(job, turn.now()) else ""
    return f"This report is being summed up: {done} of {job.parts} tasks are done; ask again later.{said}"
