"""What happens at the same moment: nothing is lost between two steps that do not see each other."""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction

from riskreview.cases.models import Search, Suggestion
from riskreview.enrichment import archive_search, grouping, judging, pipeline, storing, watching
from riskreview.evidence.models import Document, Reading, Snapshot, Source
from tests import make
from tests.enrichment.pages import REVIEW, held, html

pytestmark = pytest.mark.django_db


def unread(text: str) -> Document:
    """A document whose bytes are here and not read yet."""
    document = make.document(text)
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    document.refresh_from_db()
    return document


def test_a_case_opened_while_a_document_is_read_gets_that_document(alice):
    make.vendor(by=alice)
    document = unread(make.TEXT)
    digested = pipeline.digest(document)
    case = make.case(by=alice, title="DeepSeek: national security review", question="Is the White House reviewing it?")
    search = Search.objects.get(case=case)
    pipeline.store_found(search, archive_search.find_for(case))
    assert not Suggestion.objects.filter(case=case).exists()  # the archive did not hold it yet
    pipeline.store(document, digested)
    assert Suggestion.objects.filter(case=case, document=document).exists()


def test_a_reading_takes_back_nothing_from_a_case_it_did_not_rank(alice):
    make.vendor(by=alice)
    document = unread("A text about nothing that any case asks.")
    digested = pipeline.digest(document)
    other = make.case(by=alice)
    proposed = make.suggestion(other, document)
    pipeline.store_suggestions(document.newest, digested.suggested, digested.ranked)
    assert Suggestion.objects.filter(pk=proposed.pk).exists()


def test_somebodys_now_during_a_visit_stands(alice):
    source = make.source(by=alice)
    begun = Source.objects.get(pk=source.pk)
    source.collect_now(by=alice)
    Source.objects.filter(pk=source.pk).update(not_before=begun.next_poll)
    source.refresh_from_db()
    assert source.pk in {row.pk for row in Source.objects.all().due()}


# -- killed between two stages, and arriving in another order ----------------------------------------------------------

TOLD = (
    *REVIEW,
    "“We stopped new registrations after a cyberattack,” DeepSeek said on Monday, as 40 million users waited.",
    "Italy’s data protection authority, the Garante, wants to ban DeepSeek over privacy concerns.",
)
STAGES = {
    "while it reads": (pipeline, "digest"),
    "before the text is kept": (Snapshot, "read_as"),
    "before the document is described": (pipeline, "describe"),
    "before the origin": (grouping, "place"),
    "before the rows": (storing, "keep"),
    "between the rows": (storing, "signal"),
    "before the vendors of signals": (storing, "concern"),
    "before what people said is attached": (judging, "attach"),
    "before the comparison with earlier captures": (watching, "keep_compared"),
    "before the suggestions": (pipeline, "store_suggestions"),
    "in the middle of the suggestions": (pipeline, "propose"),
}
READ = ("mentions", "agency_mentions", "unknown_names", "claims", "signals")
NOT_TOLD = {"id", "snapshot_id", "claim_id"}
each_stage = pytest.mark.parametrize("when", STAGES)


class Killed(BaseException):
    """The worker was killed."""


@pytest.fixture
def case(alice):
    return make.case(by=alice, title="DeepSeek: national security review", question="What does the White House review?")


@pytest.fixture
def kill(monkeypatch):
    """Kill the worker at a stage, once."""

    def at(when):
        place, name = STAGES[when]
        usual = getattr(place, name)

        def killed(*given, **named):
            monkeypatch.setattr(place, name, usual)
            raise Killed

        monkeypatch.setattr(place, name, killed)

    return at


def rows_of(document):
    """What was read in a document, without the numbers of rows and the time it took."""
    document.refresh_from_db()
    newest = document.newest
    told = {
        kind: [
            {name: value for name, value in row.items() if name not in NOT_TOLD}
            for row in getattr(newest, kind).order_by("start", "end").values()
        ]
        for kind in READ
    }
    suggested = Suggestion.objects.filter(document=document).order_by("case").values_list("case", "score", "excerpt")
    return told | {
        "concerned": sorted(newest.signals.values_list("fingerprint", "vendors__slug")),
        "suggested": list(suggested),
        "salience": sorted(document.salience.values_list("vendor", "value")),
        "text": newest.text,
        "described": (document.headline, document.language, document.published_at),
    }


def worked(document):
    """One go of a worker at a document, which may be killed; whether it came to its end."""
    Document.objects.filter(pk=document.pk).update(lease=None, lease_until=None)
    ((row, offer),) = Document.objects.filter(pk=document.pk).undigested().offer()
    try:
        with Document.objects.start(row, str(offer)) as running:
            pipeline.carry_out(running)
    except Killed:
        return False
    return True


@each_stage
def test_a_worker_killed_between_two_stages_leaves_nothing_half_done(when, case, kill):
    calm = held(html(*TOLD), "calm")
    assert worked(calm)
    document = held(html(*TOLD) + b"<!-- other bytes -->", "killed")
    kill(when)
    assert not worked(document)
    document.refresh_from_db()
    assert (document.digested_at, document.newest.text) == (None, None)
    assert not any(getattr(document.newest, kind).exists() for kind in READ)
    assert not Reading.objects.filter(snapshot=document.newest).exists()
    assert not document.salience.exists()
    assert not Suggestion.objects.filter(document=document).exists()
    assert worked(document)
    after = rows_of(document)
    assert after["claims"]
    assert after["signals"]
    assert after["suggested"]
    assert after == rows_of(calm)


@each_stage
def test_a_worker_killed_while_it_reads_again_leaves_what_was(when, case, kill):
    document = held(html(*TOLD), "a")
    assert worked(document)
    before = rows_of(document)
    Reading.objects.update(sha256="")  # so that everything is written anew
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    kill(when)
    assert not worked(document)
    assert rows_of(document) == before
    assert worked(document)
    assert rows_of(document) == before


def test_the_order_of_arrival_leaves_equal_rows(case):
    pages = {f"p{n}": html(*TOLD, f"Part {n} of the story ends here.") for n in range(3)}
    found = []
    for order in itertools.permutations(pages):
        with transaction.atomic():
            documents = {key: held(pages[key], key) for key in order}
            assert all(worked(documents[key]) for key in order)
            found.append({key: rows_of(documents[key]) for key in sorted(order)})
            transaction.set_rollback(True)
    assert len(found) == 6
    assert all(each == found[0] for each in found[1:])
