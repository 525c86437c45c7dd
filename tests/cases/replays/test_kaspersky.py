"""Kaspersky, ICTS-2021-002 (89 FR 52434): referred in August 2021, prohibited on 20 June 2024.

To be checked against the primary text: the day of the Initial Determination (5 October 2023) and that of the party's
submission (3 January 2024). Not public: when the agencies were told, and the extension that must exist, as 180 days
from service had passed on 2 April 2024. The days for the former below are made up.
"""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.refusals import NotNow
from riskreview.cases import effective
from riskreview.cases.models import Case, Submission
from riskreview.cases.models.known import facts_of
from riskreview.cases.requirements import held_back
from riskreview.cases.workflow import Status
from tests import expect, make
from tests.web.conftest import text_of

from .walking import WHY, asked, at, dated, day, due, found, opened, papers, standing

pytestmark = pytest.mark.django_db
NOTICE = "2023-09-14"


def before_service(by, second, *, notice):
    """As far as the agencies' notice: they were told so many days before the Initial Determination is served."""
    case = opened("icts_transaction_review", "Kaspersky", by=by, on="2021-08-31", requester="Department of Justice")
    dated(case, "information_received", "2021-08-31", by=by, proof=False)
    finding = found(case, by=by, second=second)
    assert finding.reviewed_by == second
    case.enter_stage(by=by, stage="review")
    make.full_sheet(case, "criteria", by=by)
    case.enter_stage(by=by, stage="first_notification")
    for row in asked(case, "first", "2022-03-01", "Department of State", "Department of Defense", by=by):
        row.answer(by=by, response="no_comment", answered_at=at("2022-03-10T09:00"))
    case.enter_stage(by=by, stage="initial_determination")
    make.full_sheet(case, "initial_determination", by=by)
    papers(case, "initial_determination", by=by)
    case.countersign_stage(by=second)
    case.enter_stage(by=by, stage="agency_notice")
    asked(case, "notice", notice, "Department of State", by=by)
    return case


@pytest.fixture
def case(alice, mallory):
    """As far as the Final Determination."""
    case = before_service(alice, mallory, notice=NOTICE)
    party = case.vendors.get()
    case.enter_stage(by=alice, stage="service")
    dated(case, "served", "2023-10-05", by=alice, party=party)
    case.enter_stage(by=alice, stage="party_response")
    said = {"kinds": ["argument", "proposed_mitigation"], "confidential": True, "document": make.document()}
    Submission.objects.receive(
        by=alice, case=case, key="party_response", party=party, received_at=at("2024-01-03T16:00"), **said
    )
    case.enter_stage(by=alice, stage="concurrence")
    papers(case, "proposed_final_determination", by=alice)
    asked(case, "final", "2024-05-20", "Department of State", "Department of Defense", by=alice)
    return case


def decide(case, by, approver):
    """Everything from the party's words on."""
    case.submissions.get().consider(by=by, text="The proposed mitigation does not end the risk.", changed_outcome=False)
    for row in case.consultations.filter(key="final"):
        row.presume_concurrence(by=by)
    case.enter_stage(by=by, stage="determination")
    make.full_sheet(case, "final_determination", by=by)
    given = {"target": "Cybersecurity and anti-virus software", "population": "Persons in the United States"}
    given |= {"target_kind": "PRODUCT", "vendor": case.vendors.get()}
    for clause, starts in (("New agreements", "2024-07-20"), ("Updates and operation", "2024-09-29")):
        make.effect(case, by=by, clause=clause, starts_on=day(starts), **given)
    case.submit(by=by, disposition="PROHIBITED", rationale=WHY)
    make.approval(case, by=approver)


def test_service_waits_until_the_agencies_had_their_21_days(alice, mallory):
    case = before_service(alice, mallory, notice=NOTICE)
    assert due(case, "notice_21") == ["2023-10-05"]
    [told] = held_back(case.rules, "service", facts_of(case, at("2023-10-04T23:59")))
    assert "cannot begin before 5 October 2023 (15 CFR 791.105(b)(2))" in told.told
    assert held_back(case.rules, "service", facts_of(case, at("2023-10-05T00:00"))) == []
    case.enter_stage(by=alice, stage="service")


def test_service_before_that_day_is_refused_on_every_face(browse, api, alice, mallory):
    yesterday = timezone.now() - datetime.timedelta(days=1)
    case = before_service(alice, mallory, notice=f"{yesterday:%Y-%m-%d}")
    with expect.refusal(NotNow, case, match="cannot begin before"):
        case.enter_stage(by=alice, stage="service")
    road, told = f"/cases/{case.ref}/enter-stage/", {"stage": "service"}
    page = browse(alice).post(road, told | {"reason": "", "seen": case.entry_seq})
    program = api(alice).post(f"/api/v1{road}", told, headers={"If-Match": f'"{case.entry_seq}"'})
    assert (page.status_code, program.status_code) == (409, 409)
    assert "cannot begin before" in page.content.decode()
    assert "cannot begin before" in program.json()["detail"]


def test_the_party_answered_after_30_days_and_was_heard_all_the_same(case):
    """That it was late supposes that nobody gave it more time: an extension is not public (to be checked)."""
    assert due(case, "response") == ["2023-11-04"]
    assert case.submissions.get().is_late


def test_no_extension_is_on_record_though_the_180_days_had_passed(case, alice, browse):
    assert due(case, "final_180") == ["2024-04-02"]
    assert standing(case, "final_180", at("2024-04-02T23:59")) == ["DUE_SOON"]
    assert standing(case, "final_180", at("2024-06-20T12:00")) == ["OVERDUE"]
    told = text_of(browse(alice).get(case.get_absolute_url()))
    assert "No extension is on record. Escalated to the deciding official" in told


def test_nothing_is_decided_before_the_party_s_words_are_considered(case, alice):
    with expect.refusal(NotNow, case, match="S1 of Kaspersky is not addressed"):
        case.enter_stage(by=alice, stage="determination")


def test_it_is_prohibited_with_two_effects_that_begin_on_two_days(case, alice, bob):
    decide(case, alice, bob)
    assert (case.status, case.decision.disposition) == (Status.DECIDED, "PROHIBITED")
    vendor = case.vendors.get()
    assert effective.standing(vendor, day("2024-07-20"), user=alice).in_force == ()  # signed, and not made public
    make.publication(case, by=alice, on=day("2024-06-24"), reference="89 FR 52434")

    def clauses(on):
        return [each.effect.clause for each in effective.standing(vendor, day(on), user=alice).in_force]

    assert clauses("2024-06-24") == []
    assert clauses("2024-07-19") == []
    assert clauses("2024-07-20") == ["New agreements"]
    assert clauses("2024-09-28") == ["New agreements"]
    assert clauses("2024-09-29") == ["New agreements", "Updates and operation"]
    case.enter_stage(by=alice, stage="publication")
    case.enter_stage(by=alice, stage="monitoring")
    assert Case.objects.get(pk=case.pk).stage_now().key == "monitoring"
