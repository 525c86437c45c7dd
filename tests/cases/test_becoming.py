"""What becomes of a decision: made public, exempted from, judged by courts; and how a vendor stands on a day."""

import datetime

import pytest
from django.utils import timezone

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import effective
from riskreview.cases.inforce import State
from riskreview.cases.models import Exemption, Publication
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat
# Kaspersky, ICTS-2021-002: published 2024-06-24, in force in two steps.
STEPS = [
    {"target": "Kaspersky, new agreements", "starts_on": D("2024-07-20")},
    {"target": "Kaspersky, updates", "starts_on": D("2024-09-29")},
]


@pytest.fixture
def kaspersky(alice):
    return make.vendor("Kaspersky", by=alice)


@pytest.fixture
def case(alice, bob, kaspersky):
    found = make.case(by=alice, status=Status.IN_REVIEW, title="Kaspersky", vendors=[kaspersky])
    make.decided_with(found, by=alice, approver=bob, effects=[each | {"vendor": kaspersky} for each in STEPS])
    return found


def standing(vendor, on, user):
    return effective.standing(vendor, D(on), user=user)


def entered(row):
    """What the record says of a row."""
    return [f"{entry.verb} by {entry.actor.name}" for entry in Entry.objects.about(row)]


def targets(rows):
    return [row.effect.target for row in rows]


def test_publish_works(case, alice):
    made = make.publication(case, by=alice, on=D("2024-06-24"))
    assert entered(made) == ["publication.publish by Alice"]


@pytest.mark.parametrize(
    "details",
    [
        {"published_on": None},
        {"why_not": "It is secret."},
        {"channel": " "},
    ],
)
def test_a_publication_has_a_day_or_else_a_reason(case, alice, details):
    with expect.refusal(NotNow, case):
        make.publication(case, by=alice, **({"on": D("2024-06-24")} | details))


def test_only_what_was_decided_is_made_public(alice):
    open_still = make.case(by=alice, status=Status.AWAITING_APPROVAL)
    given = {"decision": open_still.open_decision(), "channel": "Federal Register", "published_on": D("2024-06-24")}
    with expect.refusal(NotNow, open_still, match="no such decision"):
        Publication.objects.publish(by=alice, case=open_still, **given)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-06-24", []),
        ("2024-07-20", ["Kaspersky, new agreements"]),
        ("2024-09-29", ["Kaspersky, new agreements", "Kaspersky, updates"]),
    ],
)
def test_a_vendor_stands_as_its_published_decisions_say_on_any_day(case, alice, dave, kaspersky, on, expected):
    make.publication(case, by=alice, on=D("2024-06-24"))
    found = standing(kaspersky, on, dave)
    assert targets(found.in_force) == expected
    assert {(row.case, row.decision) for row in found.in_force} <= {(case, case.decision)}


def test_approved_and_held_is_never_in_force(case, alice, kaspersky):
    given = {"decision": case.decision, "channel": "Federal Register", "why_not": "Withheld during talks."}
    Publication.objects.publish(by=alice, case=case, **given)
    found = standing(kaspersky, "2030-01-01", alice)
    assert (found.in_force, targets(found.not_in_force)) == ((), [each["target"] for each in STEPS])
    assert {row.state for row in found.not_in_force} == {State.APPROVED_HELD}
    assert {row.force.tracks[0].why for row in found.not_in_force} == {"approved and held: not made public"}


def test_a_draft_is_nowhere(alice, kaspersky):
    make.effect(make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky]), by=alice, vendor=kaspersky)
    found = standing(kaspersky, "2030-01-01", alice)
    assert (found.in_force, found.not_in_force) == ((), ())


def test_whoever_may_read_nothing_sees_nothing(case, alice, erin, kaspersky):
    make.publication(case, by=alice, on=D("2024-06-24"))
    assert standing(kaspersky, "2025-01-01", erin).in_force == ()


def test_a_product_and_a_merged_vendor_count_for_the_vendor(alice, bob, carol, kaspersky):
    other = make.vendor("Kaspersky Lab", by=alice)
    product = other.add_product(by=alice, name="Endpoint Security", kind="APP")
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky])
    effects = [{"target": "Endpoint Security", "vendor": None, "product": product}]
    make.decided_with(found, by=alice, approver=bob, effects=effects)
    make.publication(found, by=alice, on=D("2024-06-24"))
    assert targets(standing(kaspersky, "2025-01-01", alice).in_force) == []
    other.merge_into(by=carol, other=kaspersky, reason="One firm.")
    assert targets(standing(kaspersky, "2025-01-01", alice).in_force) == ["Endpoint Security"]


def test_a_later_decision_of_the_case_takes_the_place_of_the_one_before_once_it_is_public(
    case, alice, bob, carol, kaspersky
):
    make.publication(case, by=alice, on=D("2024-06-24"))
    case.reopen(by=carol, reason="A new owner.")
    assert targets(standing(kaspersky, "2025-01-01", alice).in_force) == [each["target"] for each in STEPS]
    case.assign(by=alice, to=alice)
    make.decided_with(case, by=alice, approver=bob)
    assert len(standing(kaspersky, "2025-01-01", alice).in_force) == 2
    make.publication(case, by=alice, on=D("2025-02-01"))
    assert len(standing(kaspersky, "2025-01-31", alice).in_force) == 2
    after = standing(kaspersky, "2025-02-01", alice)
    assert (after.in_force, {row.state for row in after.not_in_force}) == ((), {State.SUPERSEDED})


def anthropic(alice, bob):
    """The case of 2026 with its two statutes (neutral: what courts did, on which track)."""
    vendor = make.vendor("Anthropic", by=alice)
    found = make.case(by=alice, status=Status.IN_REVIEW, title="Supply chain", vendors=[vendor])
    effects = [{"action": "EXCLUDE", "target": "Anthropic", "vendor": vendor, "starts_on": D("2026-03-03")}]
    make.decided_with(found, by=alice, approver=bob, effects=effects)
    make.publication(found, by=alice, on=D("2026-03-03"), channel="Letter to the vendor")
    return found, vendor


def test_record_works_and_opposite_tracks_stand_side_by_side(alice, bob):
    found, vendor = anthropic(alice, bob)
    told = {"track": "10 U.S.C. 3252", "kind": "ENJOINED", "forum": "N.D. Cal.", "as_of": D("2026-03-26")}
    first = make.legal_status(found, by=alice, **told)
    assert entered(first) == ["legalstatus.record by Alice"]
    told = {"track": "41 U.S.C. 4713", "kind": "UPHELD", "forum": "D.C. Cir.", "as_of": D("2026-04-08")}
    make.legal_status(found, by=alice, **told)
    (row,) = standing(vendor, "2026-04-10", alice).in_force
    assert [(track.name, track.in_force) for track in row.force.tracks] == [
        ("10 U.S.C. 3252", False),
        ("41 U.S.C. 4713", True),
    ]
    assert row.force.words == "In force on 1 of 2 tracks"


def test_an_event_about_one_effect_leaves_the_others_alone(case, alice, kaspersky):
    make.publication(case, by=alice, on=D("2024-06-24"))
    make.legal_status(case, by=alice, effect=case.effects.get(number=1))
    found = standing(kaspersky, "2024-10-01", alice)
    assert (targets(found.in_force), targets(found.not_in_force)) == (
        ["Kaspersky, updates"],
        ["Kaspersky, new agreements"],
    )


@pytest.mark.parametrize("details", [{"track": " "}, {"forum": ""}, {"until": D("2024-01-01")}])
def test_an_event_says_on_which_track_and_by_whom(case, alice, details):
    with expect.refusal(NotNow, case):
        make.legal_status(case, by=alice, **details)


def test_an_effect_of_another_decision_is_none_of_this_one(case, alice, bob):
    other, _ = anthropic(alice, bob)
    with expect.refusal(NotNow, case, match="no such effect"):
        make.legal_status(case, by=alice, effect=other.effects.get())


@pytest.fixture
def exempt(case, carol):
    return Exemption.objects.grant(
        by=carol,
        case=case,
        decision=case.decision,
        holder="The threat intelligence unit",
        grounds="Carved out by the determination.",
        starts_on=D("2024-07-20"),
        expires_on=D("2025-07-19"),
    )


def test_grant_works(exempt):
    assert entered(exempt) == ["exemption.grant by Carol"]


@pytest.mark.parametrize(("on", "number"), [("2024-07-19", 0), ("2024-07-20", 1), ("2025-07-19", 1), ("2025-07-20", 0)])
def test_an_exemption_is_shown_on_the_days_it_holds(exempt, case, alice, kaspersky, on, number):
    make.publication(case, by=alice, on=D("2024-06-24"))
    found = standing(kaspersky, on, alice)
    assert {len(row.exemptions) for row in (*found.in_force, *found.not_in_force)} == {number}


def test_only_a_lead_exempts_and_with_grounds(case, alice, carol):
    given = {"decision": case.decision, "holder": "A unit", "starts_on": D("2024-07-20"), "expires_on": D("2024-07-21")}
    with expect.refusal(NotAllowed, case):
        Exemption.objects.grant(by=alice, case=case, grounds="They asked.", **given)
    with expect.refusal(NotNow, case):
        Exemption.objects.grant(by=carol, case=case, grounds=" ", **given)
    with expect.refusal(NotNow, case):
        Exemption.objects.grant(by=carol, case=case, grounds="They asked.", **(given | {"expires_on": D("2024-07-19")}))


def test_revoke_works(exempt, carol):
    exempt.revoke(by=carol, on=D("2024-12-01"), reason="No need any more.")
    assert [exempt.holds(D(day)) for day in ("2024-11-30", "2024-12-01")] == [True, False]


@pytest.mark.parametrize(("on", "reason"), [("2024-07-19", "Why."), ("2025-07-20", "Why."), ("2024-12-01", " ")])
def test_it_is_taken_back_from_a_day_on_which_it_holds_with_a_reason(exempt, carol, on, reason):
    with expect.refusal(NotNow, exempt):
        exempt.revoke(by=carol, on=D(on), reason=reason)


def test_it_is_taken_back_once(exempt, carol):
    exempt.revoke(by=carol, on=D("2024-12-01"), reason="No need any more.")
    with expect.refusal(NotNow, exempt, match="already"):
        exempt.revoke(by=carol, on=D("2024-12-02"), reason="No need any more.")


def test_open_conditions_stand_beside_what_is_in_force(alice, bob, kaspersky):
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky])
    effects = [{"action": "PERMIT_WITH_CONDITIONS", "vendor": kaspersky}]
    make.decided_with(found, by=alice, approver=bob, effects=effects, conditions=[{"text": "A report each June."}])
    make.publication(found, by=alice, on=timezone.now().date())
    today = timezone.now().date().isoformat()
    assert [each.condition.text for each in standing(kaspersky, today, alice).conditions] == ["A report each June."]


def test_a_standing_takes_the_same_queries_however_much_there_is(case, alice, kaspersky, django_assert_num_queries):
    make.publication(case, by=alice, on=D("2024-06-24"))
    with django_assert_num_queries(10):
        assert len(standing(kaspersky, "2025-01-01", alice).in_force) == 2


def test_what_was_decided_later_is_no_standing_of_a_day_before(case, alice, kaspersky):
    long_ago = standing(kaspersky, "2001-01-01", alice)
    assert (long_ago.in_force, long_ago.not_in_force, long_ago.conditions) == ((), (), ())
    assert standing(kaspersky, "2030-01-01", alice).not_in_force


BOUND = [{"watch": "OWNERSHIP_CHANGED", "text": "No new owner."}, {"text": "A report is written."}]


def test_a_standing_tells_a_breach_and_that_the_case_is_open_again(alice, bob, system, kaspersky):
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky])
    effects = [STEPS[0] | {"vendor": kaspersky}]
    make.decided_with(found, by=alice, approver=bob, effects=effects, conditions=BOUND)
    make.publication(found, by=alice, on=D("2024-06-24"))
    today = timezone.now().date()

    def told(on):
        stands = effective.standing(kaspersky, on, user=alice)
        return [each.state for each in stands.conditions], [row.breach for row in stands.in_force]

    assert told(today) == (["OPEN", "OPEN"], [""])
    owner = found.conditions.get(number=1)
    found.trip(by=system, condition=owner, reason="It was sold.")
    broken = ["its condition 1 is breached, the case is open again"]
    assert told(today) == (["BREACHED", "OPEN"], broken)
    assert told(today - datetime.timedelta(days=2)) == (["OPEN", "OPEN"], [""])


def test_a_breach_that_its_owner_found_leaves_the_case_decided(alice, bob, carol, kaspersky):
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky])
    effects = [STEPS[0] | {"vendor": kaspersky}]
    make.decided_with(found, by=alice, approver=bob, effects=effects, conditions=BOUND)
    make.publication(found, by=alice, on=D("2024-06-24"))
    for condition in found.conditions.all():
        found.settle_condition(by=carol, condition=condition, state="BREACHED", note="Seen.")
    (row,) = effective.standing(kaspersky, timezone.now().date(), user=alice).in_force
    assert row.breach == "its conditions 1, 2 are breached"


def test_a_decision_without_effects_still_asks_what_it_asks(alice, bob, carol, dave, erin, kaspersky):
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[kaspersky])
    make.decided_with(found, by=alice, approver=bob, conditions=BOUND)
    today = timezone.now().date()

    def told(on, user=dave):
        return [each.condition.text for each in effective.standing(kaspersky, on, user=user).conditions]

    assert told(today) == ["No new owner.", "A report is written."]
    assert told(today - datetime.timedelta(days=2)) == []
    assert told(today, erin) == []
    found.reopen(by=carol, reason="A new owner.")
    found.assign(by=alice, to=alice)
    make.decided_with(found, by=alice, approver=bob)
    make.publication(found, by=alice, on=today)
    assert told(today) == []
