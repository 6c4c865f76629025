"""Jobs opened in a store, and read from it: what the tests of stores share about them."""

from chalicelib.core.notice import Notice
from chalicelib.core.record import Record
from chalicelib.core.summary_job import Job
from chalicelib.ports import StateStore
from tests.jobs import REPORT, subject
from tests.samples import record, report


def opened(store: StateStore, *jobs: Job, notices: tuple[Notice, ...] = ()) -> Record:
    """The record with a report for each job."""
    reports = [report(each.subject.report_id) for each in jobs]
    return store.save(store.get("data", "daily") or record(), reports=reports, notices=notices, jobs=jobs)


def stored(store: StateStore, report_id: str = REPORT) -> Job:
    found = store.job(subject(report_id))
    assert found is not None
    return found


def numbers(store: StateStore) -> list[int]:
    return [each.number for each in store.parts(subject())]
