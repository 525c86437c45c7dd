"""The watched cases in memory follow those in the database, and so do the words of the archive."""

import io

import pytest
from django.core.management import call_command

from riskreview.cases.models import Search, Suggestion
from riskreview.cases.workflow import Status
from riskreview.enrichment import archive_search, counting, watched
from riskreview.enrichment.linking import mentions
from riskreview.enrichment.names import gazetteer
from riskreview.enrichment.prepared import prepare, read
from riskreview.enrichment.ranking import suggest
from riskreview.enrichment.scoring import Bands
from riskreview.enrichment.vectors import heaviest
from riskreview.evidence.models import Document, Salience, Vocabulary
from tests import expect, make

pytestmark = pytest.mark.django_db
REVIEW = "The White House asked the National Security Council to review security risks of DeepSeek."
OTHER = "A bakery on the corner sells bread. The bread is good and it is cheap."


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW, title="DeepSeek: security risks under review")


def held(text=REVIEW):
    """A document as a worker leaves it: read, with the vendors it is about and its heaviest terms."""
    document = make.document(text)
    reading = understood(text)
    Document.objects.filter(pk=document.pk).update(heaviest_terms=heaviest(reading.document))
    Salience.objects.bulk_create(
        Salience(document=document, vendor_id=vendor, value=value) for vendor, value in reading.salience.items()
    )
    return Document.objects.get(pk=document.pk)


def understood(text=REVIEW):
    names = gazetteer(make.WHEN.date())
    return read("Review of DeepSeek", text, mentions(text, "", names), watched.background())


def found(document):
    return {case.ref: scored.score for case, scored in watched.rank(understood(document.newest.text), document)}


def test_a_document_finds_its_cases_with_the_score_of_each_alone(case):
    document = make.document(REVIEW)
    alone = suggest(understood(), watched.profiles([case])[0], watched.background())
    assert found(document) == {case.ref: alone.score}
    assert alone.score >= 60


def test_cases_that_open_or_end_are_noticed(case, alice, carol):
    document = make.document(REVIEW)
    assert set(found(document)) == {case.ref}
    other = make.case(by=alice, title="DeepSeek: what do security reviews of it say?")
    assert set(found(document)) == {case.ref, other.ref}
    other.withdraw(by=carol, reason="Asked twice.")
    assert set(found(document)) == {case.ref}


def test_nothing_is_prepared_anew_while_nothing_changes(case, alice, django_assert_max_num_queries):
    kept = watched.watchlist()
    with django_assert_max_num_queries(4):
        assert watched.watchlist() is kept
    make.finding(case, by=alice)
    assert watched.watchlist() is not kept


def test_what_was_accepted_brings_its_like(case, alice):
    like = "Tokyo counted forty thousand downloads of the app of DeepSeek last week, said a firm of analysts."
    document = make.document(like)
    before = found(document).get(case.ref, 0)
    accepted = held("A firm of analysts in Tokyo counted thirty thousand downloads of the app of DeepSeek.")
    case.add_exhibit(by=alice, snapshot=accepted.newest, start=0, end=20)
    assert found(document)[case.ref] > before


def test_a_document_the_case_rests_on_is_not_suggested_to_it(case, alice):
    document = held()
    case.add_exhibit(by=alice, snapshot=document.newest, start=0, end=20)
    assert found(document) == {}


def test_bands_are_settings(settings):
    settings.SUGGESTED_FROM, settings.WEAK_FROM = 70, 20
    assert watched.bands() == Bands(70, 20)


def test_a_case_that_opens_finds_what_is_archived_without_reading_all_of_it(case, monkeypatch):
    wanted = held()
    for _ in range(3):
        held(OTHER)
    asked = []
    plain = archive_search.understood
    monkeypatch.setattr(archive_search, "understood", lambda *given: asked.append(given) or plain(*given))
    got = archive_search.find_for(case)
    assert [snapshot.document for snapshot, _ in got] == [wanted]
    assert len(asked) == 1


def test_a_case_without_vendors_is_searched_by_its_rarest_words(alice):
    wanted, _ = held("The bakery on the corner asks what bread costs. Bread and cakes are weighed."), held()
    case = make.case(by=alice, title="Bread of the bakery on the corner", question="Is its bread cheap?", vendors=[])
    subject = prepare(watched.profiles([case])[0], watched.background())
    assert archive_search.candidates(subject, 10) == [wanted]


def test_the_most_alike_are_read(case):
    near, far = held(), held("DeepSeek opened a canteen. Rice and soup are served there to guests of all ages.")
    subject = prepare(watched.profiles([case])[0], watched.background())
    assert archive_search.candidates(subject, 1) == [near]
    assert archive_search.candidates(subject, 2) == [near, far]


def test_a_search_of_the_archive_proposes_what_it_found(case, work):
    held()
    assert Search.objects.filter(case=case, searched_at=None).exists()
    work()
    assert Suggestion.objects.get(case=case).band == "SUGGESTED"


def test_words_are_counted_by_documents():
    df, counted = counting.document_frequencies(["bread bread roll", "bread", "cake"])
    assert (df, counted) == ({"bread": 2}, 3)


@pytest.mark.parametrize(
    ("documents", "last", "due"),
    [(1_999, 0, False), (2_000, 0, True), (2_100, 2_000, False), (2_200, 2_000, True), (90_000, 5_000, False)],
)
def test_it_is_counted_when_there_is_enough_that_is_new(documents, last, due):
    assert counting.is_due(documents, last) is due


def test_the_command_counts_and_scores_name_the_count(case):
    shipped = watched.background().version
    document = held()
    held(REVIEW)
    out = io.StringIO()
    call_command("count_terms", stdout=out)
    assert "Not due" in out.getvalue()
    call_command("count_terms", anyway=True, stdout=out)
    vocabulary = Vocabulary.objects.get()
    assert (vocabulary.documents, vocabulary.terms.get(term="deepseek").df) == (2, 2)
    assert watched.background().version == vocabulary.version != shipped
    scored = watched.rank(understood(), document)[0][1]
    assert scored.parts["background"] == vocabulary.version


@pytest.mark.parametrize(
    ("documents", "df", "constraint"),
    [(0, {}, "vocabulary_of_something"), (1, {"bread": 0}, "term_occurs")],
)
def test_the_database_refuses_a_count_of_nothing(documents, df, constraint):
    with expect.violation(constraint):
        Vocabulary.objects.keep(documents=documents, df=df)


def test_a_term_is_counted_once():
    vocabulary = Vocabulary.objects.keep(documents=1, df={"bread": 1})
    with expect.violation("term_once"):
        vocabulary.terms.create(term="bread", df=1)
