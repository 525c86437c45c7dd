"""One document from bytes to suggestions, as often as one likes."""

import datetime

import pytest
from django.db.models.functions import Now

from riskreview.cases.models import Search, Suggestion
from riskreview.cases.workflow import Status
from riskreview.enrichment import pipeline, tasks
from riskreview.evidence.models import Announcement, Capture, Document, Origin, Story
from riskreview.vendors.models import Alias
from tests import make
from tests.enrichment.pages import RECIPE, REVIEW, held, html, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(
        by=alice,
        title="DeepSeek: national security review of its expansion",
        question="The National Security Council is looking at the implications of DeepSeek. Where do prompts go?",
    )


def everything(document):
    """What was read in a document, without the numbers of the rows."""
    document.refresh_from_db()
    snapshot = document.newest
    mentions = snapshot.mentions.order_by("start").values_list("start", "end", "surface", "vendor", "score", "state")
    suggestions = Suggestion.objects.filter(document=document).order_by("case")
    return {
        "text": snapshot.text_sha256,
        "mentions": list(mentions),
        "salience": sorted(document.salience.values_list("vendor", "value")),
        "fingerprints": sorted(document.fingerprints.values_list("h", flat=True)),
        "companions": sorted(document.origin.documents.values_list("pk", flat=True)),
        "story": sorted(document.story.documents.values_list("pk", flat=True)),
        "suggestions": list(suggestions.values_list("pk", "case", "score", "parts", "reasons", "start", "end")),
        "words": (document.headline, document.language, document.text_scope, document.published_at),
    }


def test_it_reads_links_groups_and_suggests(case):
    document = read(html(*REVIEW), "a")
    snapshot = document.newest
    surfaces = {snapshot.text[mention.start : mention.end] for mention in snapshot.mentions.all()}
    assert "DeepSeek" in surfaces
    assert all(mention.surface == snapshot.text[mention.start : mention.end] for mention in snapshot.mentions.all())
    assert (document.origin.root, document.story.documents.get()) == (document, document)
    suggestion = Suggestion.objects.get()
    assert (suggestion.case, suggestion.document, suggestion.band) == (case, document, Suggestion.Band.SUGGESTED)
    assert "National Security Council" in suggestion.excerpt
    assert suggestion.excerpt == snapshot.text[suggestion.start : suggestion.end]
    assert suggestion.reasons


def test_a_document_read_twice_says_the_same(case):
    other = read(html(*REVIEW[:2], *RECIPE), "b")
    document = read(html(*REVIEW), "a")
    once, others = everything(document), everything(other)
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    assert pipeline.digest_now(document)
    assert (everything(document), everything(other)) == (once, others)
    assert (Origin.objects.filter(documents=None).count(), Story.objects.filter(documents=None).count()) == (0, 0)


def test_what_has_nothing_to_do_with_a_case_is_not_suggested(case):
    document = read(html(*RECIPE, title="Bread"), "bread", title="Bread")
    assert not document.suggestions.exists()
    assert document.digested_at


@pytest.mark.parametrize(
    ("raw", "kind", "reason"),
    [
        (b"%PDF-1.7 binary", "text/html", "PDF"),
        (b"\x00\x01\x02" * 900, "text/plain", "binary"),
        (b"", "text/html", "nothing in it"),
        (b" \n ", "text/plain", "nothing in it"),
        (b"<html><body></body></html>", "text/html", "no readable text"),
        (b"<div>" * 20_000, "text/html", "no readable text"),
    ],
    ids=["pdf", "binary", "empty", "blank", "no text", "deep"],
)
def test_what_holds_no_text_is_given_up_with_its_reason_and_the_others_go_on(case, work, raw, kind, reason):
    bad, good = held(raw, "bad", kind=kind), held(html(*REVIEW), "good")
    work()
    bad.refresh_from_db()
    good.refresh_from_db()
    assert reason in bad.last_error
    assert (bad.attempts, bad.digested_at, bad.newest.text) == (1, None, None)
    assert bad.dead_at
    assert not bad.newest.mentions.exists()
    assert good.digested_at
    assert bad.newest.raw == raw


def test_scripts_stay_in_the_archive_and_out_of_the_text(case):
    raw = html(*REVIEW, "<script>alert('DeepSeek')</script>", extra="<script>var x = 1</script>")
    document = read(raw, "a")
    assert document.newest.raw == raw
    for trace in ("alert", "var x", "<script"):
        assert trace not in document.newest.text


def test_a_corrected_page_is_a_second_snapshot_and_its_suggestion_is_kept(case):
    document = read(html(*REVIEW), "a")
    first, suggestion = document.newest, Suggestion.objects.get()
    again = read(html(*REVIEW, "Correction: the app was second in the charts."), "a")
    kept = Suggestion.objects.get()
    assert (again.pk, again.snapshots.count()) == (document.pk, 2)
    assert (kept.pk, kept.snapshot) == (suggestion.pk, again.newest)
    assert "Correction" not in first.text
    assert first.text == type(first).objects.get(pk=first.pk).text


def test_a_corrected_page_leaves_verdicts_and_exhibits_alone(case, alice):
    document = read(html(*REVIEW), "a")
    exhibit = Suggestion.objects.get().accept(by=alice)
    read(html(*REVIEW, "Correction: the app was second in the charts."), "a")
    exhibit.refresh_from_db()
    kept = Suggestion.objects.get()
    assert (kept.state, kept.snapshot, exhibit.snapshot) == ("ACCEPTED", *(document.snapshots.earliest("pk"),) * 2)
    assert exhibit.passage == exhibit.snapshot.text[exhibit.start : exhibit.end]


def test_a_page_that_changed_its_subject_is_taken_back(case):
    read(html(*REVIEW), "a")
    read(html(*RECIPE, title="Bread"), "a")
    assert [kept.state for kept in Suggestion.objects.filter(band="SUGGESTED")] == []


def test_newer_bytes_that_came_during_the_reading_are_read_next(case, work):
    document = held(html(*REVIEW), "a")
    ((row, offer),) = Document.objects.offer()
    with Document.objects.start(row, str(offer)) as running:
        digested = pipeline.digest(running.row)
        held(html(*REVIEW, "Updated."), "a")
        running.finish(pipeline.store, digested, digested_at=Now())
    document.refresh_from_db()
    assert document.digested_at is None
    work()
    assert "Updated." in Document.objects.get().newest.text


def test_a_text_that_was_read_once_stays_the_one_that_is_cited(case):
    document = held(html(*REVIEW), "a")
    document.newest.read_as(title="", text="As it was read then: DeepSeek rose.", extractor_version="older")
    assert pipeline.digest_now(document)
    (mention,) = document.newest.mentions.all()
    assert document.newest.text[mention.start : mention.end] == mention.surface == "DeepSeek"


def test_a_case_opened_later_finds_what_is_archived(alice, work):
    make.vendor(by=alice)
    document = read(html(*REVIEW), "a")
    read(html(*RECIPE, title="Bread"), "bread", title="Bread")
    case = make.case(by=alice, title="National security review of DeepSeek")
    work()
    suggestion = Suggestion.objects.get()
    assert (suggestion.case, suggestion.document) == (case, document)
    assert not Search.objects.all().left().exists()


def test_a_search_that_runs_twice_finds_the_same(case, work):
    document = read(html(*REVIEW), "a")
    work(times=2)
    Search.objects.update(searched_at=None)
    work()
    assert [suggestion.document for suggestion in Suggestion.objects.all()] == [document]


def test_a_decided_case_still_hears_of_news(alice, bob):
    case = make.case(by=alice, status=Status.DECIDED, approver=bob, title="National security review of DeepSeek")
    read(html(*REVIEW), "a")
    assert Suggestion.objects.get().case == case


def test_a_withdrawn_case_hears_nothing(alice):
    make.case(by=alice, status=Status.WITHDRAWN, title="National security review of DeepSeek")
    read(html(*REVIEW), "a")
    assert not Suggestion.objects.exists()


def test_a_name_added_later_counts_from_the_next_reading(case, alice):
    document = read("深度求索 发布 了 新 模型。".encode() * 20, "zh", kind="text/plain", title="新模型")
    assert not document.newest.mentions.exists()
    case.vendors.get().add_alias(by=alice, text="深度求索", kind=Alias.Kind.TRANSLITERATION, language="zh")
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    assert pipeline.digest_now(document)
    assert document.newest.mentions.exists()


def test_what_a_feed_said_is_not_overwritten_by_the_page(case):
    document = read(html(*REVIEW, title="The page's own title"), "a", title="What the feed said")
    assert (document.headline, document.published_at, document.published_found_by) == (
        "What the feed said",
        make.WHEN,
        "feed",
    )
    capture = Capture(raw=html(*REVIEW, title="The page's own title"), content_type="text/html", fetched_at=make.WHEN)
    silent = Document.objects.hold(Announcement(key="silent"), capture=capture)
    assert pipeline.digest_now(silent)
    assert silent.headline == "The page's own title"


def test_five_million_characters_are_read(case):
    words = "DeepSeek released a model that many watch closely. "
    document = read((words * (5_000_000 // len(words))).encode(), "long", kind="text/plain")
    assert document.newest.mentions.count() > 0


def test_a_document_a_worker_has_is_not_read_beside_it(case):
    document = held(html(*REVIEW), "a")
    assert Document.objects.offer()
    assert not pipeline.digest_now(document)
    assert document.newest.text is None


SOLD = "The company sold {} million licences in March, officials said on Wednesday in the capital. "


def said(figure):
    """A page that tells a figure."""
    return html(*(SOLD.format(figure) + more for more in ("Nobody expected it.", "More is planned.", "It will grow.")))


def recaptured(document, figure, **after):
    """A further capture of the page, some time after the first."""
    at = make.WHEN + datetime.timedelta(**after)
    return document.capture(Capture(raw=said(figure), content_type="text/html", fetched_at=at))


def test_a_capture_that_was_followed_by_another_before_anybody_read_it_is_read_too(case, work):
    document = read(said(40), "a")
    middle, newest = recaptured(document, 14, hours=1), recaptured(document, 40, hours=2)
    work()
    document.refresh_from_db()
    middle.refresh_from_db()
    assert "14 million" in middle.text
    assert document.digested_at
    told = document.changes.order_by("after__fetched_at")
    assert [(change.before.fetched_at, change.after) for change in told] == [
        (make.WHEN, middle),
        (middle.fetched_at, newest),
    ]


def test_mentions_and_suggestions_come_from_the_newest_capture_alone(case, work):
    document = held(html(*REVIEW), "a")
    document.capture(Capture(html(*REVIEW, "And more."), "text/html", make.WHEN + datetime.timedelta(hours=1)))
    work()
    first, newest = document.snapshots.order_by("fetched_at")
    assert first.text
    assert (first.mentions.exists(), newest.mentions.exists()) == (False, True)
    assert [each.snapshot for each in Suggestion.objects.all()] == [newest]


def test_one_capture_is_read_in_each_go_and_others_come_in_between(case, messages):
    many = held(said(1), "many")
    for figure in range(2, 6):
        recaptured(many, figure, hours=figure)
    other = held(html(*REVIEW), "other")
    Document.objects.filter(pk=many.pk).update(not_before=make.WHEN)
    for _ in range(2):
        tasks.sweep()
        for name, arguments in messages:
            getattr(tasks, name)(**arguments)
        messages.clear()
    other.refresh_from_db()
    many.refresh_from_db()
    assert other.digested_at
    assert (many.digested_at, many.attempts, many.snapshots.exclude(text=None).count()) == (None, 0, 2)


def test_a_document_that_a_capture_was_read_of_goes_to_the_end_of_the_queue(case):
    many = held(said(1), "many")
    recaptured(many, 2, hours=1)
    Document.objects.filter(pk=many.pk).update(not_before=make.WHEN)
    ((row, offer),) = Document.objects.offer()
    tasks.digest(id=row, offer=str(offer))
    many.refresh_from_db()
    assert many.not_before > make.WHEN


def test_an_older_capture_that_comes_while_the_newest_is_read_is_read_as_well(case, work):
    document = held(said(40), "a")
    ((row, offer),) = Document.objects.offer()
    with Document.objects.start(row, str(offer)) as running:
        digested = pipeline.digest(running.row)
        older = recaptured(Document.objects.get(pk=row), 14, days=-300)
        running.finish(pipeline.store, digested, digested_at=Now())
    work()
    older.refresh_from_db()
    document.refresh_from_db()
    assert "14 million" in older.text
    assert document.digested_at


def test_an_older_capture_without_text_does_not_keep_the_newest_from_being_read(case, work):
    document = held(b"\x00\x01\x02" * 900, "a", kind="text/plain")
    newest = recaptured(document, 40, hours=1)
    work()
    document.refresh_from_db()
    newest.refresh_from_db()
    assert (document.dead_at, document.snapshots.earliest("fetched_at").text) == (None, "")
    assert "40 million" in newest.text
    assert not document.changes.exists()


def test_an_older_capture_that_spoils_its_readings_is_left_out_in_the_end(case, work, monkeypatch):
    document = held(said(14), "a")
    newest = recaptured(document, 40, hours=1)
    monkeypatch.setattr(pipeline, "pass_over", lambda *given: 1 / 0)
    for _ in range(3):
        Document.objects.update(not_before=make.WHEN)
        work()
    document.refresh_from_db()
    newest.refresh_from_db()
    assert (document.dead_at, bool(document.digested_at), "40 million" in newest.text) == (None, True, True)


def test_a_name_that_only_the_capture_before_had_counts(case, work):
    document = read(said(40), "a")
    document.capture(
        Capture(
            html(SOLD.format(40) + "DeepSeek was named as the seller.", SOLD.format(40)),
            "text/html",
            make.WHEN + datetime.timedelta(hours=1),
        )
    )
    last = document.capture(
        Capture(
            html(SOLD.format(40) + "Somebody was named as the seller.", SOLD.format(40)),
            "text/html",
            make.WHEN + datetime.timedelta(hours=2),
        )
    )
    work()
    assert any("DeepSeek" in reason for reason in document.changes.get(after=last).reasons)
