"""What happens at the same moment: nothing is lost between two steps that do not see each other."""

from __future__ import annotations

import pytest

from riskreview.cases.models import Search, Suggestion
from riskreview.enrichment import pipeline
from riskreview.evidence.models import Document, Source
from tests import make

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
    pipeline.store_found(search, pipeline.find_for(case))
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
