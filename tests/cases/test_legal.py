"""What a court made of a decision: by the paper that says so, counted at once, and read by a second person."""

import datetime

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases import effective
from riskreview.cases.knowing import known
from riskreview.cases.models import Exemption, LegalEvent, LegalStatus
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
D = datetime.date.fromisoformat


@pytest.fixture
def case(alice, bob):
    found = make.case(by=alice, status=Status.IN_REVIEW, vendors=[make.vendor("Kaspersky", by=alice)])
    effects = [{"starts_on": D("2024-07-20"), "vendor": found.vendors.get()}]
    make.decided_with(found, by=alice, approver=bob, effects=effects)
    make.publication(found, by=alice, on=D("2024-06-24"))
    return found


@pytest.fixture
def stayed(case, alice):
    return make.legal_status(case, by=alice)


def track(case, on="2024-10-02"):
    """The one track of the one effect on a day."""
    found = effective.standing(case.vendors.get(), D(on), user=case.opened_by)
    (row,) = (*found.in_force, *found.not_in_force)
    (only,) = row.force.tracks
    return only


def test_it_names_the_capture_in_which_the_words_stand(case, alice):
    paper = make.order("The rule is\nVACATED in part.")
    made = make.legal_status(case, by=alice, kind="VACATED", document=paper, passage=" The rule is VACATED in part. ")
    assert (made.snapshot, made.passage, made.word) == (paper.newest, "The rule is VACATED in part.", "RECORDED")


@pytest.mark.parametrize(("passage", "why"), [(" ", "Quote the passage"), ("It is refused.", "no such passage")])
def test_without_the_words_of_the_paper_nothing_is_recorded(case, alice, passage, why):
    with expect.refusal(NotNow, case, match=why):
        make.legal_status(case, by=alice, passage=passage)


def test_it_counts_at_once_and_is_shown_as_unconfirmed(case, stayed, bob):
    assert (track(case).in_force, track(case).confirmed) == (False, False)
    assert track(case).why == "stayed on 1 October 2024 (A court); recorded by one person, not confirmed"
    with expect.one_entry("legalstatus.confirm", by=bob, about=stayed):
        stayed.confirm(by=bob)
    assert (stayed.word, stayed.judged_by, stayed.is_confirmed) == ("CONFIRMED", bob, True)
    assert (track(case).why, track(case).confirmed) == ("stayed on 1 October 2024 (A court)", True)


@pytest.mark.parametrize("passage", ["o", "The", "It is so", "The motion is deci", "so ordered."])
def test_a_scrap_of_the_paper_is_no_passage(case, alice, passage):
    with expect.refusal(NotNow, case, match="20 characters at least, or a whole sentence"):
        make.legal_status(case, by=alice, passage=passage)
    assert not LegalStatus.objects.exists()


@pytest.mark.parametrize("passage", ["Stay denied.", "The motion is decided", "本决定已被撤销。"])
def test_a_short_sentence_is_one_when_it_is_whole(case, alice, passage):
    paper = make.order("Stay denied.\n\n本决定已被撤销。")
    assert make.legal_status(case, by=alice, document=paper, passage=passage).passage == passage


OURS = {"POSTPONED", "SUPERSEDED", "RESCINDED", "EXPIRED"}


@pytest.mark.parametrize("kind", sorted(set(LegalEvent.values) - {"UPHELD", "REMANDED"}))
def test_what_we_do_ourselves_counts_only_once_a_second_person_confirms_it(case, alice, bob, kind):
    made = make.legal_status(case, by=alice, kind=kind)
    assert (track(case).in_force, made.is_waiting) == (kind in OURS, kind in OURS)
    assert bool([each for each in known(case, alice) if each.kind == "Law"]) == (kind not in OURS)
    made.confirm(by=bob)
    assert (track(case).in_force, made.is_waiting) == (False, False)


@pytest.mark.parametrize(("kind", "state"), [("RESCINDED", "RESCINDED"), ("SUPERSEDED", "SUPERSEDED")])
def test_a_decision_says_whether_its_standing_rests_on_one_person(case, alice, bob, kind, state):
    def stand(on="2025-01-01"):
        found = effective.standing(case.vendors.get(), D(on), user=alice)
        (row,) = (*found.in_force, *found.not_in_force)
        return row.state.value, row.stand.confirmed

    made = make.legal_status(case, by=alice, kind=kind)
    assert stand() == ("PUBLISHED", True)
    made.confirm(by=bob)
    assert stand() == (state, True)
    lifted = make.legal_status(case, by=alice, kind="UPHELD", as_of=D("2024-11-01"))
    assert stand() == ("PUBLISHED", False)
    lifted.confirm(by=bob)
    assert stand() == ("PUBLISHED", True)


def test_nothing_is_recorded_of_a_postponement_that_nobody_agreed_to(case, alice, bob, carol):
    days = {"starts_on": D("2025-07-20"), "on": D("2024-07-01")}
    later = case.postpone_effect(by=carol, effect=case.effects.get(), reason="Talks.", **days)
    exempt = {"holder": "A unit", "grounds": "Talks.", "starts_on": D("2024-07-20"), "expires_on": D("2025-07-20")}
    acts = (
        lambda: make.legal_status(case, by=alice, effect=later),
        lambda: Exemption.objects.grant(by=carol, case=case, decision=case.decision, effect=later, **exempt),
    )
    for act in acts:
        with expect.refusal(NotNow, case, match="nobody agreed to"):
            act()
    case.refuse_postponement(by=bob, effect=later, reason="No.")
    later.refresh_from_db()
    for act in acts:
        with expect.refusal(NotNow, case, match="nobody agreed to"):
            act()


def test_what_is_lifted_on_one_persons_word_says_so_too(case, stayed, alice, bob):
    stayed.confirm(by=bob)
    lifted = make.legal_status(case, by=alice, kind="UPHELD", as_of=D("2024-11-01"))
    assert (track(case, "2024-11-02").in_force, track(case, "2024-11-02").confirmed) == (True, False)
    lifted.confirm(by=bob)
    assert track(case, "2024-11-02").confirmed


def test_two_orders_of_which_one_is_confirmed_stop_it_for_certain(case, stayed, alice, bob):
    stayed.confirm(by=bob)
    make.legal_status(case, by=alice, kind="ENJOINED", as_of=D("2024-10-02"))
    assert track(case, "2024-10-03").confirmed


def test_who_recorded_it_does_not_confirm_it_under_any_account(stayed, alice, invite, system):
    other = invite("Alice at home", Role.REVIEWER)
    other.join(by=system, other=alice)
    for person in (alice, other):
        with expect.refusal(NotAllowed, stayed, match="A second person confirms it"):
            stayed.confirm(by=person)


def test_whoever_only_reads_confirms_and_strikes_nothing(stayed, dave):
    for act in (stayed.confirm, lambda by: stayed.strike(by=by, reason="No.")):
        with expect.refusal(NotAllowed, stayed):
            act(by=dave)


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_what_the_paper_does_not_say_is_struck_and_stays_on_record(case, stayed, who, request):
    person = request.getfixturevalue(who)
    with expect.refusal(NotNow, stayed, match="what is wrong"):
        stayed.strike(by=person, reason=" ")
    with expect.one_entry("legalstatus.strike", by=person, about=stayed):
        stayed.strike(by=person, reason="Another docket.")
    assert (track(case).in_force, LegalStatus.objects.get().why_struck) == (True, "Another docket.")
    assert not [each for each in known(case, person) if each.kind == "Law"]


def test_what_was_judged_is_judged_no_more(stayed, bob, carol):
    stayed.confirm(by=bob)
    for act in (lambda: stayed.confirm(by=carol), lambda: stayed.strike(by=carol, reason="No.")):
        with expect.refusal(NotNow, stayed, match="judged already"):
            act()


def test_the_timeline_says_what_is_not_confirmed(case, stayed, alice, bob):
    (line,) = [each.words for each in known(case, alice) if each.kind == "Law"]
    assert line.endswith("Docket 1 (not confirmed)")
    stayed.confirm(by=bob)
    (line,) = [each.words for each in known(case, alice) if each.kind == "Law"]
    assert line.endswith("Docket 1")


def test_a_row_of_before_without_its_paper_cannot_be_confirmed(stayed, bob):
    stayed.snapshot, stayed.passage = None, ""
    LegalStatus.objects.filter(pk=stayed.pk).update(snapshot=None, passage="")
    with pytest.raises(NotNow, match="without the document"):
        stayed.confirm(by=bob)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"word": "CONFIRMED"}, "legalstatus_two_people"),
        ({"word": "CONFIRMED", "judged_by": "recorded_by"}, "legalstatus_two_people"),
        ({"word": "STRUCK"}, "legalstatus_struck_with_reason"),
        ({"word": "DOUBTED"}, "legalstatus_word_known"),
    ],
)
def test_the_database_wants_two_people_as_well(stayed, columns, constraint):
    told = {name: stayed.recorded_by if value == "recorded_by" else value for name, value in columns.items()}
    with expect.violation(constraint):
        LegalStatus.objects.filter(pk=stayed.pk).update(**told)
