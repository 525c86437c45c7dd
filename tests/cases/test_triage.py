"""Triage beyond a yes or no: later, another case, copies, and dismissals that something new bears on."""

import datetime

import pytest
from django.db.models.functions import Now

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Stance, Suggestion
from riskreview.cases.models.suggestion import today
from riskreview.cases.workflow import Status
from riskreview.enrichment import verbatim, verdicts_given
from riskreview.evidence.models import Capture, Change, Document, Origin
from tests import expect, make

pytestmark = pytest.mark.django_db
State = Suggestion.State


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def suggestion(case):
    return make.suggestion(case)


def tomorrow():
    return today() + datetime.timedelta(days=1)


def test_what_is_put_off_leaves_the_list_until_its_day(alice, suggestion):
    with expect.one_entry("suggestion.snooze", by=alice, about=suggestion):
        suggestion.snooze(by=alice, until=tomorrow())
    assert suggestion.is_snoozed
    assert not Suggestion.objects.waiting().exists()
    assert suggestion.snoozed_until == tomorrow()


def test_on_its_day_it_waits_again(alice, suggestion, monkeypatch):
    suggestion.snooze(by=alice, until=tomorrow())
    day = tomorrow()
    monkeypatch.setattr("riskreview.cases.models.suggestion.today", lambda: day)
    assert list(Suggestion.objects.waiting()) == [suggestion]
    assert not suggestion.is_snoozed


def test_a_snooze_can_be_undone(alice, suggestion):
    suggestion.snooze(by=alice, until=tomorrow())
    with expect.one_entry("suggestion.wake", by=alice, about=suggestion):
        suggestion.wake(by=alice)
    assert list(Suggestion.objects.waiting()) == [suggestion]
    with expect.refusal(NotNow, suggestion, match="not put off"):
        suggestion.wake(by=alice)


def test_only_a_day_to_come_and_only_what_nobody_judged_can_be_put_off(alice, suggestion):
    with expect.refusal(NotNow, suggestion, match="a day to come"):
        suggestion.snooze(by=alice, until=today())
    suggestion.dismiss(by=alice, reason="Old news.")
    with expect.refusal(NotNow, suggestion, match="nobody has judged"):
        suggestion.snooze(by=alice, until=tomorrow())


def test_only_reviewers_put_off_and_refer(case, suggestion, outsiders, alice):
    other = make.case(by=alice, status=Status.IN_REVIEW)
    for person in outsiders:
        with expect.refusal(NotAllowed, suggestion):
            suggestion.snooze(by=person, until=tomorrow())
        with expect.refusal(NotAllowed, suggestion):
            suggestion.refer(by=person, other=other)


def test_it_goes_to_another_case(case, alice, suggestion):
    other = make.case(by=alice, status=Status.IN_REVIEW)
    exhibit = suggestion.refer(by=alice, other=other, stance=Stance.SUPPORTS, credibility=2)
    suggestion.refresh_from_db()
    assert (exhibit.case, exhibit.passage, exhibit.stance) == (other, suggestion.excerpt, Stance.SUPPORTS)
    assert (suggestion.state, suggestion.dismissal) == (State.DISMISSED, f"Belongs to {other.ref}.")
    assert not case.exhibits.exists()
    verbs = Entry.objects.newest_first().values_list("verb", flat=True)[:2]
    assert list(verbs) == ["suggestion.refer", "case.add_exhibit"]


def test_it_does_not_go_to_its_own_case(case, alice, suggestion):
    with expect.refusal(NotNow, suggestion, match="suggested for this case"):
        suggestion.refer(by=alice, other=case)


def recaptured(document, text):
    """Other bytes of a document, read."""
    moment = document.newest.fetched_at + datetime.timedelta(days=1)
    document.capture(Capture(raw=text.encode(), content_type="text/plain", fetched_at=moment))
    newest = Document.objects.get(pk=document.pk).newest
    newest.read_as(title="Review", text=text, extractor_version="test")
    return newest


def proposed(suggestion, snapshot, categories=("security_review",), score=83):
    """The machine looks at the pair again."""
    Suggestion.objects.propose(
        case=suggestion.case,
        snapshot=snapshot,
        score=score,
        band=Suggestion.Band.SUGGESTED,
        parts={"score": score, "signal": {"categories": dict.fromkeys(categories, 900)}},
        reasons=["The question and the text share words."],
        start=0,
        end=10,
        excerpt=snapshot.text[:10],
        version="match-test",
    )
    suggestion.refresh_from_db()
    return suggestion


@pytest.fixture
def dismissed(suggestion, alice):
    suggestion.dismiss(by=alice, reason="Old news.")
    return suggestion


def changed(snapshot, *, material):
    kind = Change.Kind.CORRECTION if material else Change.Kind.COSMETIC
    Change.objects.create(
        document=snapshot.document, after=snapshot, kind=kind, material=material, summary="A figure was corrected."
    )


def test_a_dismissal_stays_when_nothing_is_new(dismissed):
    before = expect.told(dismissed)
    proposed(dismissed, dismissed.snapshot, ["ban_restriction"])
    assert (dismissed.asks, dismissed.score, expect.told(dismissed)) == (False, 79, before)


def test_a_dismissal_stays_when_the_text_changed_in_nothing_that_matters(dismissed):
    proposed(dismissed, dismissed.snapshot)
    newer = recaptured(dismissed.document, "Review of DeepSeek by the council, retold.")
    changed(newer, material=False)
    assert not proposed(dismissed, newer, []).asks


def test_it_is_suggested_again_after_a_material_change_and_says_so(dismissed, case, alice):
    newer = recaptured(dismissed.document, "Correction: the council bans DeepSeek.")
    changed(newer, material=True)
    before = expect.told(dismissed)
    again = proposed(dismissed, newer, [])
    assert again.renewal == "The document has changed since it was dismissed: A figure was corrected."
    assert (again.asks, again.score, again.shown_snapshot) == (True, 83, newer)
    assert expect.told(again) == before, "what people said stays on record as they said it"
    assert list(Suggestion.objects.waiting()) == [again]
    exhibit = again.accept(by=alice)
    assert (exhibit.snapshot, exhibit.passage) == (newer, "Correction")
    assert (again.state, again.renewal, again.snapshot) == (State.ACCEPTED, "", newer)


def test_it_is_suggested_again_for_a_new_kind_of_risk_once(dismissed, alice):
    newer = recaptured(dismissed.document, "DeepSeek is banned from offices.")
    again = proposed(dismissed, newer, ["ban_restriction"])
    assert again.renewal == "It speaks of another kind of risk since it was dismissed: ban restriction."
    again.dismiss(by=alice, reason="Not our offices.")
    assert not again.asks
    assert not proposed(again, newer, ["ban_restriction", "pricing"]).asks


def test_what_came_back_can_be_put_to_rest_by_restoring(dismissed, alice):
    again = proposed(dismissed, recaptured(dismissed.document, "DeepSeek is banned."), ["ban_restriction"])
    again.restore(by=alice)
    assert (again.state, again.renewed_at) == (State.OPEN, None)


def test_a_renewal_without_a_reason_is_refused_by_the_database(dismissed):
    with expect.violation("suggestion_renewed_says_why"):
        Suggestion.objects.filter(pk=dismissed.pk).update(renewed_at=Now())


@pytest.fixture
def copies(case):
    """Three documents with one text, suggested with different scores."""
    made = [make.suggestion(case, score=score) for score in (70, 90, 80)]
    origin = Origin.objects.create(root=made[0].document)
    Document.objects.filter(pk__in=[each.document_id for each in made]).update(origin=origin)
    return made


def test_copies_are_asked_about_once_the_best_of_them(copies):
    assert list(Suggestion.objects.waiting().folded()) == [copies[1]]
    assert Suggestion.objects.waiting().count() == 3


def test_copies_of_what_was_judged_are_not_asked_about(copies, alice):
    copies[0].dismiss(by=alice, reason="Old news.")
    assert not Suggestion.objects.waiting().folded().exists()


def test_copies_for_another_case_are_asked_about(copies, alice):
    other = make.suggestion(make.case(by=alice), copies[1].document)
    assert set(Suggestion.objects.waiting().folded()) == {copies[1], other}


def test_a_renewed_suggestion_is_compared_with_the_text_it_shows_and_trains_nothing(dismissed):
    newer = recaptured(dismissed.document, "DeepSeek is banned from offices.")
    proposed(dismissed, newer, ["ban_restriction"])
    assert verbatim.walk().wrong == []
    assert verdicts_given.verdicts() == []
