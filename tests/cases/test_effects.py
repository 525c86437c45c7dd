"""What a decision does: drafted on the case, signed with it, and postponed by another that stands in its place."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.effective import force
from riskreview.cases.models import Effect
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat


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


@pytest.mark.parametrize("verb", ["amend_effect", "drop_effect", "postpone_effect"])
def test_an_effect_of_another_case_is_none_of_this_one(case, alice, carol, bob, verb):
    other = make.effect(make.case(by=alice, status=Status.IN_REVIEW), by=alice)
    words = {"action": "PERMIT", "target_kind": "ENTITY", "target": "X", "population": "All", "jurisdiction": "EU"}
    later = {"starts_on": D("2030-01-01"), "on": D("2025-01-01"), "reason": "Talks."}
    if verb == "postpone_effect":
        make.decided_with(case, by=alice, approver=bob)
    given = {"amend_effect": words, "drop_effect": {}, "postpone_effect": later}[verb]
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


def test_a_postponed_effect_gives_way_to_a_later_one(case, alice, bob, carol):
    effects = [{"starts_on": D("2025-01-19"), "target": "TikTok"}]
    make.decided_with(case, by=alice, approver=bob, effects=effects)
    make.publication(case, by=alice, on=D("2025-01-02"))
    first = case.effects.get()
    second = case.postpone_effect(
        by=carol, effect=first, starts_on=D("2025-04-05"), on=D("2025-01-20"), reason="75 days to settle it."
    )
    case.postpone_effect(by=carol, effect=second, starts_on=D("2025-06-19"), on=D("2025-04-04"), reason="75 more.")
    days = ("2025-01-19", "2025-01-20", "2025-04-05", "2025-06-18", "2025-06-19")
    chain = case.effects.order_by("number")
    found = {on: [each.number for each in chain if force(each, D(on)).anywhere] for on in days}
    assert found == {"2025-01-19": [1], "2025-01-20": [], "2025-04-05": [], "2025-06-18": [], "2025-06-19": [3]}


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
