"""What a decision does: drafted on the case, signed with it, and postponed by another that stands in its place."""

import datetime

import pytest
import time_machine

from riskreview.accounts.confirming import NotConfirmed
from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.effective import force, standing
from riskreview.cases.models import Effect
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat
TODAY = datetime.datetime.now(datetime.UTC).date()


def ahead(days):
    """A day that is so far from today."""
    return TODAY + datetime.timedelta(days=days)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def waiting(case, alice):
    make.effect(case, by=alice)
    make.finding(case, by=alice)
    make.submission(case, by=alice)
    return case


def test_it_works(case, alice):
    with expect.one_entry("case.draft_effect", by=alice, about=case):
        effect = make.effect(case, by=alice, starts_on=D("2025-03-01"))
    assert (effect.number, effect.decision, str(effect)) == (1, None, "Prohibit: chat.deepseek.com")


def test_a_hosted_service_is_prohibited_while_its_open_weights_are_allowed(case, alice):
    make.effect(case, by=alice)
    make.effect(case, by=alice, action="PERMIT", target_kind="OPEN_WEIGHTS", target="DeepSeek-V3 weights")
    assert [(each.action, each.target_kind) for each in case.effects.order_by("number")] == [
        ("PROHIBIT", "HOSTED_SERVICE"),
        ("PERMIT", "OPEN_WEIGHTS"),
    ]


@pytest.mark.parametrize(
    "details",
    [
        {"target": " "},
        {"population": ""},
        {"jurisdiction": ""},
        {"starts_on": D("2025-03-02"), "ends_on": D("2025-03-01")},
    ],
)
def test_it_must_say_enough(case, alice, details):
    with expect.refusal(NotNow, case):
        make.effect(case, by=alice, **details)


def test_a_product_is_of_the_vendor_that_is_named(case, alice):
    product = make.vendor("Alibaba", by=alice).add_product(by=alice, name="Qwen", kind="MODEL_FAMILY")
    with expect.refusal(NotNow, case, match="not a product of DeepSeek"):
        make.effect(case, by=alice, product=product)


def test_a_draft_is_amended_and_dropped(case, alice):
    effect = make.effect(case, by=alice)
    words = {"action": "RESTRICT", "target_kind": "ENTITY", "population": "All", "jurisdiction": "Italy"}
    case.amend_effect(by=alice, effect=effect, target="DeepSeek", **words)
    effect.refresh_from_db()
    assert (effect.target, effect.jurisdiction, effect.vendor) == ("DeepSeek", "Italy", None)
    case.drop_effect(by=alice, effect=effect)
    assert not Effect.objects.exists()


@pytest.mark.parametrize("verb", ["amend_effect", "drop_effect", "postpone_effect", "agree_postponement"])
def test_an_effect_of_another_case_is_none_of_this_one(case, alice, carol, bob, system, verb):
    carol.grant(by=system, role=Role.APPROVER)
    other = make.effect(make.case(by=alice, status=Status.IN_REVIEW), by=alice)
    words = {"action": "PERMIT", "target_kind": "ENTITY", "target": "X", "population": "All", "jurisdiction": "EU"}
    later = {"starts_on": D("2030-01-01"), "on": D("2025-01-01"), "reason": "Talks."}
    if "postpone" in verb:
        make.decided_with(case, by=alice, approver=bob)
    given = {"amend_effect": words, "drop_effect": {}, "postpone_effect": later}
    given = given.get(verb, {"confirmed": make.confirmed(carol)})
    with expect.refusal(NotNow, case):
        getattr(case, verb)(by=carol, effect=other, **given)


def test_submission_binds_what_is_drafted(waiting):
    assert waiting.effects.get().decision == waiting.open_decision()


@pytest.mark.parametrize("verb", ["draft", "amend", "drop"])
def test_whatever_is_changed_while_it_waits_voids_what_was_submitted(waiting, alice, verb):
    effect, submitted = waiting.effects.get(), waiting.open_decision()
    words = {"action": "PERMIT", "target_kind": "ENTITY", "target": "X", "population": "All", "jurisdiction": "EU"}
    if verb == "draft":
        waiting.draft_effect(by=alice, **words)
    elif verb == "amend":
        waiting.amend_effect(by=alice, effect=effect, **words)
    else:
        waiting.drop_effect(by=alice, effect=effect)
    submitted.refresh_from_db()
    assert (waiting.status, bool(submitted.voided_at)) == (Status.IN_REVIEW, True)
    make.submission(waiting, by=alice)
    assert {each.decision for each in waiting.effects.all()} <= {waiting.open_decision()}


def test_what_was_sent_back_is_a_draft_again(waiting, alice, bob):
    waiting.send_back(by=bob, reason="Name the agencies.")
    waiting.drop_effect(by=alice, effect=waiting.effects.get())
    assert not waiting.effects.exists()


def test_what_was_decided_is_changed_no_more(waiting, alice, bob, carol):
    make.approval(waiting, by=bob)
    waiting.reopen(by=carol, reason="News.")
    waiting.assign(by=alice, to=alice)
    with expect.refusal(NotNow, waiting):
        waiting.drop_effect(by=alice, effect=waiting.effects.get())


def agree(case, effect, who):
    case.agree_postponement(by=who, effect=effect, confirmed=make.confirmed(who))


def asked(case, *, of, **days):
    given = {"starts_on": ahead(75), "on": D("2025-01-20"), "reason": "Talks."}
    return case.postpone_effect(by=of, effect=case.effects.get(number=1), **(given | days))


@pytest.fixture
def tiktok(case, alice, bob):
    make.decided_with(case, by=alice, approver=bob, effects=[{"starts_on": D("2025-01-19"), "target": "TikTok"}])
    make.publication(case, by=alice, on=D("2025-01-02"))
    return case


def in_force(case, on):
    vendor = case.effects.first().vendor
    return [row.effect.number for row in told(vendor, on, case).in_force]


def told(vendor, on, case):
    return standing(vendor, D(on) if isinstance(on, str) else on, user=case.opened_by)


def test_what_one_person_asks_for_changes_nothing_until_another_agrees(tiktok, carol, bob):
    later = asked(tiktok, of=carol)
    assert (in_force(tiktok, TODAY), force(later, ahead(99)).anywhere) == ([1], False)
    assert [each.number for each in tiktok.effects.standing()] == [1]
    with expect.one_entry("case.agree_postponement", by=bob, about=tiktok):
        agree(tiktok, later, bob)
    later.refresh_from_db()
    assert (later.is_asked, later.written_by, later.agreed_by) == (False, carol, bob)
    assert (in_force(tiktok, TODAY), in_force(tiktok, ahead(75))) == ([], [2])
    with expect.refusal(NotNow, tiktok, match="agreed to or refused already"):
        agree(tiktok, later, bob)


def test_who_asks_for_a_postponement_does_not_agree_to_it_under_any_account(tiktok, carol, bob, invite, system):
    carol.grant(by=system, role=Role.APPROVER)
    other = invite("Carol at home", Role.APPROVER)
    other.join(by=system, other=carol)
    later = asked(tiktok, of=carol)
    for person in (carol, other):
        with expect.refusal(NotAllowed, tiktok, match="A second person agrees"):
            agree(tiktok, later, person)


def test_whoever_agrees_proves_who_they_are(tiktok, carol, bob):
    later = asked(tiktok, of=carol)
    old = make.confirmed(bob, ago=datetime.timedelta(minutes=6))
    for proof in (old, make.confirmed(carol)):
        with expect.refusal(NotConfirmed, tiktok):
            tiktok.agree_postponement(by=bob, effect=later, confirmed=proof)


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_a_postponement_that_was_asked_for_is_refused_or_taken_back(tiktok, carol, who, request):
    later = asked(tiktok, of=carol)
    person = request.getfixturevalue(who)
    with expect.refusal(NotNow, tiktok):
        tiktok.refuse_postponement(by=person, effect=later, reason=" ")
    with expect.one_entry("case.refuse_postponement", by=person, about=tiktok):
        tiktok.refuse_postponement(by=person, effect=later, reason="Nothing has changed.")
    later.refresh_from_db()
    assert (later.is_asked, later.is_refused, in_force(tiktok, TODAY)) == (False, True, [1])
    assert force(later, ahead(99)).tracks[0].why == "a postponement that was refused"


def test_the_number_of_a_refused_postponement_never_names_another(tiktok, carol, bob):
    refused = asked(tiktok, of=carol)
    tiktok.refuse_postponement(by=bob, effect=refused, reason="Nothing has changed.")
    second = asked(tiktok, of=carol)
    assert (refused.number, second.number) == (2, 3)
    for act in (lambda: agree(tiktok, refused, bob), lambda: asked_again(tiktok, refused, carol)):
        with expect.refusal(NotNow, tiktok):
            act()
    agree(tiktok, second, bob)
    assert in_force(tiktok, ahead(75)) == [3]


def asked_again(case, effect, who):
    case.postpone_effect(by=who, effect=effect, starts_on=ahead(99), on=TODAY, reason="More.")


def test_agreeing_changes_no_day_that_is_past(tiktok, carol, bob):
    vendor, days = tiktok.effects.get().vendor, (D("2025-01-19"), D("2025-01-20"), D("2025-02-01"), ahead(-1))

    def stood():
        found = [told(vendor, on, tiktok) for on in days]
        return [[[row.effect.number for row in rows] for rows in (one.in_force, one.not_in_force)] for one in found]

    before = stood()
    agree(tiktok, asked(tiktok, of=carol), bob)
    assert stood() == before == [[[1], []]] * 4
    assert tiktok.effects.get(number=2).supersedes_on == TODAY


def test_an_order_of_a_day_to_come_holds_from_that_day(tiktok, carol, bob):
    later = asked(tiktok, of=carol, on=ahead(10))
    agree(tiktok, later, bob)
    assert [in_force(tiktok, ahead(days)) for days in (9, 10, 75)] == [[1], [], [2]]


@pytest.mark.parametrize(("starts_on", "agrees"), [(-1, False), (0, False), (1, True)])
def test_nobody_agrees_to_what_would_have_begun_by_now(tiktok, carol, bob, starts_on, agrees):
    later = asked(tiktok, of=carol, starts_on=ahead(starts_on))
    if agrees:
        agree(tiktok, later, bob)
        return
    with expect.refusal(NotNow, tiktok, match="Refuse it, and ask for a later day"):
        agree(tiktok, later, bob)
    tiktok.refuse_postponement(by=bob, effect=later, reason="Too late.")
    asked(tiktok, of=carol)


def test_the_day_of_agreement_is_one_of_the_site(tiktok, carol, bob, settings):
    settings.SITE_TIME_ZONE = "Pacific/Kiritimati"  # UTC+14
    night = datetime.datetime.combine(ahead(1), datetime.time(11), datetime.UTC)
    with time_machine.travel(night):
        agree(tiktok, asked(tiktok, of=carol), bob)
    assert tiktok.effects.get(number=2).supersedes_on == ahead(2)


def test_a_request_that_another_decision_overtook_is_agreed_to_no_more(tiktok, alice, bob, carol):
    later = asked(tiktok, of=carol)
    tiktok.reopen(by=carol, reason="News.")
    tiktok.assign(by=alice, to=alice)
    make.decided_with(tiktok, by=alice, approver=bob)
    with expect.refusal(NotNow, tiktok, match="Another decision"):
        agree(tiktok, later, bob)
    tiktok.refuse_postponement(by=bob, effect=later, reason="Overtaken.")


def test_what_nobody_agreed_to_is_not_postponed_further(tiktok, carol):
    later = asked(tiktok, of=carol)
    with expect.refusal(NotNow, tiktok, match="Nobody has agreed"):
        tiktok.postpone_effect(by=carol, effect=later, starts_on=D("2026-01-01"), on=D("2025-02-01"), reason="More.")


def test_a_postponed_effect_gives_way_to_a_later_one(case, alice, bob, carol):
    effects = [{"starts_on": D("2025-01-19"), "target": "TikTok"}]
    make.decided_with(case, by=alice, approver=bob, effects=effects)
    make.publication(case, by=alice, on=D("2025-01-02"))
    first = case.effects.get()
    second = case.postpone_effect(
        by=carol, effect=first, starts_on=ahead(75), on=D("2025-01-20"), reason="75 days to settle it."
    )
    agree(case, second, bob)
    third = case.postpone_effect(by=carol, effect=second, starts_on=ahead(150), on=ahead(74), reason="75 more.")
    agree(case, third, bob)
    chain = case.effects.order_by("number")
    found = {on: [each.number for each in chain if force(each, ahead(on)).anywhere] for on in (-1, 0, 75, 149, 150)}
    assert found == {-1: [1], 0: [], 75: [], 149: [], 150: [3]}


@pytest.mark.parametrize(
    ("starts_on", "on", "reason"),
    [("2025-03-01", "2025-02-01", "Talks."), ("2025-02-28", "2025-02-01", "Talks."), ("2025-05-01", "2025-02-01", " ")],
)
def test_a_postponement_is_later_and_has_a_reason(case, alice, bob, carol, starts_on, on, reason):
    make.decided_with(case, by=alice, approver=bob, effects=[{"starts_on": D("2025-03-01")}])
    with expect.refusal(NotNow, case):
        case.postpone_effect(by=carol, effect=case.effects.get(), starts_on=D(starts_on), on=D(on), reason=reason)


def test_only_the_last_of_a_chain_is_postponed_and_only_by_a_lead(case, alice, bob, carol):
    make.decided_with(case, by=alice, approver=bob, effects=[{"starts_on": D("2025-03-01")}])
    first, later = case.effects.get(), {"on": D("2025-02-01"), "reason": "Talks."}
    with expect.refusal(NotAllowed, case):
        case.postpone_effect(by=alice, effect=first, starts_on=D("2025-04-01"), **later)
    case.postpone_effect(by=carol, effect=first, starts_on=D("2025-04-01"), **later)
    with expect.refusal(NotNow, case, match="already"):
        case.postpone_effect(by=carol, effect=first, starts_on=D("2025-05-01"), **later)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"agreed_by": "bob"}, "effect_postponed_by_two"),
        ({"agreed_by": "carol", "is_asked": False}, "effect_postponed_by_two"),
        ({"supersedes": None, "supersedes_on": None}, "effect_asked_is_a_postponement"),
        ({"is_refused": True}, "effect_refused_is_a_postponement"),
    ],
)
def test_the_database_wants_two_people_for_a_postponement_as_well(tiktok, bob, carol, columns, constraint):
    later = asked(tiktok, of=carol)
    people = {"bob": bob, "carol": carol}
    wrong = {name: people.get(value, value) if name == "agreed_by" else value for name, value in columns.items()}
    with expect.violation(constraint):
        Effect.objects.filter(pk=later.pk).update(**wrong)
