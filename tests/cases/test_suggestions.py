"""The machine suggests, people judge."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.cases.models import Stance, Suggestion
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
State = Suggestion.State


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def suggestion(case):
    return make.suggestion(case)


def test_a_machine_leaves_no_entry(case):
    before = Entry.objects.count()
    suggestion = make.suggestion(case)
    assert (suggestion.state, suggestion.entry_seq, Entry.objects.count()) == (State.OPEN, 0, before)


def test_the_same_suggestion_twice_is_one_with_the_newer_score(case):
    document = make.document()
    first = make.suggestion(case, document, score=70)
    second = make.suggestion(case, document, score=81)
    assert (second.pk, second.score, case.suggestions.count()) == (first.pk, 81, 1)


@pytest.mark.parametrize("judge", ["accept", "dismiss"])
def test_a_verdict_is_never_proposed_away(case, alice, suggestion, judge):
    reason = {"reason": "Old news."} if judge == "dismiss" else {}
    getattr(suggestion, judge)(by=alice, **reason)
    before = expect.told(suggestion)
    again = make.suggestion(case, suggestion.document, score=12)
    assert (again.score, expect.told(again)) == (79, before)


def test_what_no_longer_fits_is_taken_back_but_not_a_verdict(alice, case):
    other, third, document = make.case(by=alice), make.case(by=alice), make.document()
    kept, dropped, judged = (make.suggestion(each, document) for each in (case, other, third))
    judged.dismiss(by=alice, reason="Old news.")
    Suggestion.objects.take_back(document, cases={other.pk, third.pk})
    assert set(Suggestion.objects.values_list("pk", flat=True)) == {kept.pk, judged.pk}
    assert dropped.pk not in set(Suggestion.objects.values_list("pk", flat=True))


def test_what_a_person_restored_is_never_taken_back(alice, case):
    suggestion = make.suggestion(case)
    suggestion.dismiss(by=alice, reason="Old news.")
    suggestion.restore(by=alice)
    Suggestion.objects.take_back(suggestion.document, cases={case.pk})
    assert Suggestion.objects.filter(pk=suggestion.pk).exists()


def test_accepting_makes_an_exhibit_of_the_passage(case, alice, suggestion):
    entries = Entry.objects.count()
    exhibit = suggestion.accept(by=alice, stance=Stance.SUPPORTS, credibility=2)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.judged_by, suggestion.exhibit) == (State.ACCEPTED, alice, exhibit)
    assert (exhibit.case, exhibit.passage, exhibit.stance, exhibit.credibility) == (
        case,
        suggestion.excerpt,
        Stance.SUPPORTS,
        2,
    )
    fresh = Entry.objects.newest_first()[: Entry.objects.count() - entries]
    assert [(entry.verb, entry.actor, entry.subject_id) for entry in fresh] == [
        ("suggestion.accept", alice, str(suggestion.pk)),
        ("case.add_exhibit", alice, str(case.pk)),
    ]


def test_accepting_is_refused_to_people_who_do_not_review(suggestion, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, suggestion):
            suggestion.accept(by=person)


def test_accepting_for_a_decided_case_is_refused_whole(alice, bob):
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    suggestion, before = make.suggestion(case), expect.told(case)
    with expect.refusal(NotNow, suggestion, match="decided"):
        suggestion.accept(by=alice)
    assert expect.told(case) == before


def test_accepting_a_passage_that_is_an_exhibit_already_is_refused_whole(case, alice, suggestion):
    given = {"snapshot": suggestion.snapshot, "start": suggestion.start, "end": suggestion.end}
    case.add_exhibit(by=alice, **given)
    with expect.refusal(NotNow, suggestion, match="already"):
        suggestion.accept(by=alice)


def test_dismissing_says_why(case, alice, suggestion):
    with expect.one_entry("suggestion.dismiss", by=alice, about=suggestion):
        suggestion.dismiss(by=alice, reason=" Old news. ")
    assert (suggestion.state, suggestion.dismissal, suggestion.judged_by) == (State.DISMISSED, "Old news.", alice)
    assert not case.exhibits.exists()


def test_dismissing_needs_a_reason(alice, suggestion):
    with expect.refusal(NotNow, suggestion, match="Say why"):
        suggestion.dismiss(by=alice, reason=" ")


def test_dismissing_is_refused_to_people_who_do_not_review(suggestion, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, suggestion):
            suggestion.dismiss(by=person, reason="Old news.")


def test_restoring_undoes_a_dismissal(alice, suggestion):
    suggestion.dismiss(by=alice, reason="Old news.")
    with expect.one_entry("suggestion.restore", by=alice, about=suggestion):
        suggestion.restore(by=alice)
    assert (suggestion.state, suggestion.dismissal, suggestion.judged_by) == (State.OPEN, "", None)


def test_only_a_dismissed_one_is_restored(alice, suggestion, dave):
    with expect.refusal(NotNow, suggestion, match="Only a dismissed"):
        suggestion.restore(by=alice)
    suggestion.dismiss(by=alice, reason="Old news.")
    with expect.refusal(NotAllowed, suggestion):
        suggestion.restore(by=dave)


def test_a_verdict_is_given_once(alice, suggestion):
    suggestion.accept(by=alice)
    with expect.refusal(NotNow, suggestion, match="accepted already"):
        suggestion.dismiss(by=alice, reason="Old news.")
    with expect.refusal(NotNow, suggestion, match="accepted already"):
        suggestion.accept(by=alice)


def test_a_stale_form_is_refused(alice, suggestion):
    suggestion.dismiss(by=alice, reason="Old news.")
    suggestion.restore(by=alice)
    with expect.refusal(Stale, suggestion):
        suggestion.accept(by=alice, seen=0)


def test_only_people_who_read_see_them(suggestion, dave, erin):
    assert list(Suggestion.objects.visible_to(dave)) == [suggestion]
    assert list(Suggestion.objects.visible_to(erin)) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_accept_at_once_one_does(invite, alice):
    suggestion = make.suggestion(make.case(by=alice, status=Status.IN_REVIEW))
    people = [alice, invite("Olga", Role.REVIEWER)]

    def accept(person):
        return lambda: Suggestion.objects.get(pk=suggestion.pk).accept(by=person)

    outcomes = [type(outcome).__name__ for outcome in expect.at_once([accept(person) for person in people])]
    assert sorted(outcomes) == ["Exhibit", "NotNow"]
    assert Entry.objects.filter(verb__in=["suggestion.accept", "case.add_exhibit"]).count() == 2
