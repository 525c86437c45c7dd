"""Acronis AG: the first order to exclude and to remove of the Federal Acquisition Security Council's process.

In force on 11 July 2025, posted 69 days later. Not public: the days of the notice to the source and of its answer;
those below are made up. To be checked: the 60 days for a petition, and that they count from the notice.
"""

import datetime

import pytest

from riskreview.cases import effective
from riskreview.cases.models import Submission
from tests import make

from .walking import WHY, at, dated, day, due, found, opened, papers, standing

pytestmark = pytest.mark.django_db
ORDER = day("2025-07-11")
POSTED = ORDER + datetime.timedelta(days=69)


@pytest.fixture
def case(alice, mallory, bob):
    """The order is signed, and the source knows of it."""
    case = opened("fascsa_order", "Acronis", by=alice, on="2025-01-15")
    party = case.vendors.get()
    dated(case, "information_received", "2025-01-15", by=alice, proof=False)
    found(case, by=alice, second=mallory)
    case.enter_stage(by=alice, stage="analysis")
    make.full_sheet(case, "factors", by=alice)
    case.enter_stage(by=alice, stage="recommendation")
    papers(case, "recommendation", by=alice)
    case.enter_stage(by=alice, stage="notice_to_source")
    make.full_sheet(case, "notice", by=alice)
    dated(case, "notice_received", "2025-04-01", by=alice, party=party)
    case.enter_stage(by=alice, stage="source_response")
    Submission.objects.note_silence(by=alice, case=case, key="source_response", party=party, sought=True)
    case.enter_stage(by=alice, stage="rescind_or_maintain")
    papers(case, "view_on_the_response", by=alice)
    case.enter_stage(by=alice, stage="order")
    case.state_particular(by=alice, field="ordering_department", text="Director of National Intelligence")
    given = {"target": "Covered articles", "target_kind": "ENTITY", "vendor": party, "starts_on": ORDER}
    for action in ("EXCLUDE", "REMOVE"):
        make.effect(case, by=alice, action=action, population="The intelligence community", **given)
    case.submit(by=alice, disposition="BOTH", rationale=WHY)
    make.approval(case, by=bob)
    dated(case, "order_issued", str(ORDER), by=alice)
    dated(case, "posted", str(POSTED), by=alice)
    dated(case, "notified", str(POSTED), by=alice, party=party)
    return case


def test_the_window_for_a_petition_counts_from_the_notice_and_not_from_the_order(case):
    sixty = datetime.timedelta(days=60)
    assert str(POSTED) == "2025-09-18"
    assert ORDER + sixty == day("2025-09-09") < POSTED  # it would have closed before anybody could read the order
    assert due(case, "court") == [str(POSTED + sixty)] == ["2025-11-17"]
    assert standing(case, "court", at("2025-11-17T23:59")) != standing(case, "court", at("2025-11-18T00:00"))


def test_the_source_had_thirty_days_from_its_notice(case):
    assert due(case, "response") == ["2025-05-01"]
    assert case.submissions.get().state == "NO_REPLY"


def test_exclusion_and_removal_are_in_force_once_posted(case, alice):
    vendor = case.vendors.get()
    assert effective.standing(vendor, POSTED, user=alice).in_force == ()
    make.publication(case, by=alice, on=POSTED, channel="SAM.gov")
    held = effective.standing(vendor, POSTED, user=alice).in_force
    assert [(each.effect.action, each.effect.starts_on) for each in held] == [("EXCLUDE", ORDER), ("REMOVE", ORDER)]
    case.enter_stage(by=alice, stage="posted")
    case.enter_stage(by=alice, stage="court_window")


def test_it_is_looked_at_every_year_from_the_order(case):
    assert due(case, "yearly")[0] == "2026-07-11"
    assert due(case, "sam_check")[0] == "2025-12-18"
