"""One vendor, two statutes, two courts: what one court stopped the other let stand (Anthropic, spring of 2026).

The track of 10 U.S.C. 3252 was enjoined and stayed on 26 March 2026 (N.D. Cal.); on that of 41 U.S.C. 4713 a stay was
denied on 8 April 2026 (D.C. Cir.), which changes nothing about its effect. Both are shown, and neither is merged into
the other. Not public, and made up below: the days before the letter of 3 March 2026, and the texts.
"""

import pytest

from riskreview.cases import effective
from tests import make

from .walking import WHY, dated, day, found, opened, papers

pytestmark = pytest.mark.django_db
DEFENSE, CIVILIAN = "10 U.S.C. 3252", "41 U.S.C. 4713"


@pytest.fixture
def case(alice, mallory, bob):
    """Decided without waiting for an answer, and made public."""
    case = opened("covered_procurement_action", "Anthropic", by=alice, on="2026-02-27")
    dated(case, "recommended", "2026-02-27", by=alice)
    papers(case, "joint_recommendation", by=alice)
    found(case, by=alice, second=mallory)
    case.enter_stage(by=alice, stage="urgent_finding")
    case.state_particular(by=alice, field="reason_for_urgency", text="As the determination states.")
    papers(case, "urgency_finding", by=alice)
    case.countersign_stage(by=mallory)
    case.enter_stage(by=alice, stage="written_determination")
    papers(case, "written_determination", by=alice)
    given = {"target": "Products and services", "target_kind": "ENTITY", "vendor": case.vendors.get()}
    for clause in (DEFENSE, CIVILIAN):
        make.effect(case, by=alice, action="EXCLUDE", clause=clause, starts_on=day("2026-03-03"), **given)
    case.submit(by=alice, disposition="EXCLUDE_SOURCE", rationale=WHY)
    make.approval(case, by=bob)
    make.publication(case, by=alice, on=day("2026-03-03"), channel="Letter")
    return case


@pytest.fixture
def enjoined(case, alice):
    """What the court of the one track ordered."""
    return make.legal_status(
        case,
        by=alice,
        effect=case.effects.get(clause=DEFENSE),
        track=DEFENSE,
        kind="ENJOINED",
        forum="N.D. Cal.",
        as_of=day("2026-03-26"),
    )


def tracks(case, user, on):
    """Each effect of the vendor by its statute: whether it is in force that day."""
    told = effective.standing(case.vendors.get(), day(on), user=user)
    return {each.effect.clause: each.force.anywhere for each in (*told.in_force, *told.not_in_force)}


def test_on_10_april_2026_one_is_enjoined_and_one_in_force(case, enjoined, alice):
    assert tracks(case, alice, "2026-03-25") == {DEFENSE: True, CIVILIAN: True}
    assert tracks(case, alice, "2026-04-10") == {DEFENSE: False, CIVILIAN: True}
    [stopped] = effective.standing(case.vendors.get(), day("2026-04-10"), user=alice).not_in_force
    assert [(track.name, track.in_force) for track in stopped.force.tracks] == [(DEFENSE, False)]
    assert "enjoined on 26 March 2026 (N.D. Cal." in stopped.force.tracks[0].why


def test_the_page_of_the_vendor_shows_both(case, enjoined, alice, browse):
    page = browse(alice).get(f"/vendors/{case.vendors.get().slug}/standing/?on=2026-04-10").content.decode()
    assert DEFENSE in page
    assert CIVILIAN in page


def test_the_case_goes_on_while_the_courts_disagree(case, enjoined, alice):
    case.enter_stage(by=alice, stage="congressional_notice")
    dated(case, "congress_told", "2026-03-04", by=alice)  # to be checked: the day is not public
    case.enter_stage(by=alice, stage="limited_action")
    dated(case, "in_force", "2026-03-03", by=alice, proof=False)
    assert [str(each.due_on) for each in case.clocks.filter(key="phase_out")] == ["2026-09-03"]
