"""An authority limits the processing before its own time to reply is over, as the Garante did in January 2025.

The request of 28 January 2025 gave 20 days; the reply was found insufficient, and the processing was limited on 30
January. To be checked: the day of the reply, which is put at 29 January below, and the texts.
"""

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.cases import effective
from riskreview.cases.models import Submission
from tests import expect, make

from .walking import EASTERN, WHY, at, dated, day, due, found, opened, papers, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    """As far as the reply."""
    case = opened("data_protection_measure", "DeepSeek", by=alice, on="2025-01-28")
    papers(case, "request", by=alice)
    party = case.vendors.get()
    dated(case, "request_served", "2025-01-28", by=alice, party=party)
    case.enter_stage(by=alice, stage="reply")
    said = {"kinds": ["information"], "summary": "The firm does not operate there and is not subject to this law."}
    Submission.objects.receive(
        by=alice, case=case, key="reply", party=party, received_at=at("2025-01-29T12:00", EASTERN), **said
    )
    return case


def limit(case, by, second):
    """The interim measure, two people behind it."""
    case.enter_stage(by=by, stage="interim_measure")
    case.state_particular(by=by, field="reason_for_measure", text="The reply is insufficient.")
    papers(case, "interim_measure", by=by)
    dated(case, "measure_served", "2025-01-30", by=by, party=case.vendors.get())
    with expect.refusal(NotNow, case, match="A second person has not signed"):
        case.enter_stage(by=by, stage="inquiry")
    case.countersign_stage(by=second)
    case.enter_stage(by=by, stage="inquiry")


def test_the_reply_came_in_time_and_the_time_ended_with_it(case):
    assert due(case, "reply") == ["2025-02-17"]
    assert not case.submissions.get().is_late
    assert standing(case, "reply", at("2025-01-30T12:00")) == ["SATISFIED_EARLY"]


def test_the_processing_is_limited_before_the_twenty_days_are_over(case, alice, mallory, bob):
    limit(case, alice, mallory)
    assert due(case, "measure") == ["2025-02-28"]  # a month after 30 January, and looked at again then
    found(case, by=alice, second=mallory)
    case.enter_stage(by=alice, stage="decision")
    given = {"action": "RESTRICT", "target": "Processing of personal data", "target_kind": "HOSTED_SERVICE"}
    make.effect(case, by=alice, starts_on=day("2025-01-30"), jurisdiction="Italy", population="Users there", **given)
    make.condition(case, by=alice, text="The processing is brought in line with the regulation.")
    with expect.refusal(NotNow, case, match="S1"):
        case.submit(by=alice, disposition="LIMITATION", rationale=WHY)
    case.submissions.get().consider(by=alice, text="It answers none of the questions put.", changed_outcome=False)
    case.submit(by=alice, disposition="LIMITATION", rationale=WHY)
    make.approval(case, by=bob)
    make.publication(case, by=alice, on=day("2025-01-30"), channel="Web site of the authority")
    vendor = case.vendors.get()
    assert effective.standing(vendor, day("2025-01-29"), user=alice).in_force == ()
    [held] = effective.standing(vendor, day("2025-01-30"), user=alice).in_force
    assert held.effect.jurisdiction == "Italy"
    case.enter_stage(by=alice, stage="penalty")
