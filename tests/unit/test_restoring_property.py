"""Restoring by an independent judge: nobody of others has anything but what they had then (P1)."""

import itertools
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.grants import Grant
from chalicelib.core.policy import unmerge
from chalicelib.core.restoring import Needs, Restoration, restored, without_statement
from tests.unit.test_policy_property import GRANTS, QUESTIONS, _policies, granted, may, put, sids, unhurried
from tests.unit.wanted import ORG, OURS, REPORTS

_names = st.sampled_from(sorted(GRANTS))
_goings = st.lists(st.tuples(_names, st.booleans()), max_size=6)


class Site:
    """A policy through which our inventories come and go, and every text that was there before a write."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.replaced: list[str | None] = []
        self.present: dict[str, tuple[Grant, ...]] = {}

    def write(self, text: str | None) -> None:
        if text != self.text:
            self.replaced.append(self.text)
            self.text = text

    def comes(self, name: str) -> None:
        change = put(self.text, GRANTS[name])
        if not change.obstacles:
            self.present[name] = GRANTS[name]
            self.write(change.after)

    def goes(self, name: str) -> None:
        if self.present.pop(name, None) is not None:
            self.write(unmerge(REPORTS, self.text, sids(GRANTS[name]) - sids(self.all())).after)

    def all(self) -> tuple[Grant, ...]:
        return tuple(itertools.chain(*self.present.values()))

    def restore(self, then: str | None) -> Restoration:
        """What an inventory that is there has restored, without a word of `overwrite`."""
        name = min(self.present)
        gone = without_statement(REPORTS, then, self.text, sids(self.all()))
        covered = tuple(each for each in self.all() if each.sid in gone)
        needs = Needs(self.present[name], sids(self.all()), "preserve-organization", OURS, False, covered)
        return restored(REPORTS, then, self.text, needs, "put back")


def after(text: str | None, goings: Any, stays: str) -> Site:
    site = Site(text)
    for name, comes in [*goings, (stays, True)]:
        (site.comes if comes else site.goes)(name)
    return site


@unhurried
@given(_policies, _goings, _names, st.data())
def test_with_nobody_else_writing_a_restore_changes_nothing_for_others(
    before: str, goings: Any, stays: str, data: st.DataObject
) -> None:
    site = after(before, goings, stays)
    if not site.present:
        return
    then = data.draw(st.sampled_from([*site.replaced, site.text]))
    found = site.restore(then)

    assert (found.lost, found.change.obstacles) == ((), ())
    for question in QUESTIONS:
        if not granted(site.all(), question):
            assert may(found.change.after, question) == may(before, question)
        else:
            assert may(found.change.after, question) == may(site.text, question)


@unhurried
@given(_policies, _policies, _goings, _names)
def test_others_have_what_they_had_then_and_ours_what_they_need_now(
    theirs: str, since: str, goings: Any, stays: str
) -> None:
    site = after(since, goings, stays)
    if not site.present:
        return
    found = site.restore(theirs)
    if found.change.obstacles:
        return
    for question in QUESTIONS:
        if not granted(site.all(), question):
            assert may(found.change.after, question) == may(theirs, question)
        else:  # what they allow anyway needs no statement of ours, but one may be there
            assert may(found.change.after, question) >= may(put(theirs, site.all()).after, question)
    if not found.lost:
        for question in QUESTIONS:  # what was to be lost or forbidden again would have been named
            assert not may(site.text, question) or may(found.change.after, question)


@unhurried
@given(st.none() | _policies, _policies, _goings, _names)
def test_a_restore_can_be_undone(before: str | None, since: str, goings: Any, stays: str) -> None:
    site = after(before, goings, stays)
    if not site.present:
        return
    there = site.text
    found = site.restore(since)
    if found.change.obstacles:
        return
    site.write(found.change.after)
    again = site.restore(there)

    assert again.change.obstacles == ()
    for question in QUESTIONS:
        assert may(again.change.after, question) >= may(there, question)
        if not granted(site.all(), question):
            assert may(again.change.after, question) == may(there, question)


@unhurried
@given(_goings, _names, st.data())
def test_where_no_policy_was_before_us_nobody_of_the_organization_loses_anything(
    goings: Any, stays: str, data: st.DataObject
) -> None:
    site = after(None, goings, stays)
    found = site.restore(data.draw(st.sampled_from([*site.replaced, site.text])))

    if not found.lost:
        assert all(may(found.change.after, each) for each in QUESTIONS if each.organization == ORG)
