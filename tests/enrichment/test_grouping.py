"""Copies share one origin, whoever comes first; news of one event is one story."""

import itertools

import pytest

from riskreview.enrichment import pipeline
from riskreview.evidence.models import Document, Origin, OriginLink, Story
from tests import expect
from tests.enrichment.pages import RECIPE, REVIEW, held, html, read

pytestmark = pytest.mark.django_db
LONGER = (*REVIEW, *(f"{line} So it was reported on Tuesday by several people who know." for line in REVIEW))
OWN = (
    "Italy's regulator asked the Hangzhou company twenty questions about the data of Italians.",
    "A spokeswoman for the Garante said the answers were due within three weeks of Tuesday.",
    "Lawyers in Milan doubt that the order can be enforced beyond the national app stores.",
)
TEXTS = {
    "wire": (html(*LONGER), 0),
    "copy": (html(*LONGER, title="Review"), 0.5),
    "cut": (html(*LONGER[:6]), 1),
    "own": (html(*OWN, title="Italy asks"), 1),
}


def arrive(*order):
    return {name: read(TEXTS[name][0], name, title=name, days=TEXTS[name][1]) for name in order}


def groups():
    found = {}
    for document in Document.objects.order_by("key"):
        found.setdefault(document.origin_id, []).append(document.key)
    return sorted(found.values())


@pytest.mark.parametrize("order", [*itertools.permutations(TEXTS)], ids="-".join)
def test_copies_share_an_origin_whatever_the_order_of_arrival(order):
    arrive(*order)
    assert groups() == [["copy", "cut", "wire"], ["own"]]
    assert Document.objects.get(key="wire").origin.root.key == "wire"
    assert Origin.objects.count() == 2


def test_every_link_says_why():
    arrive("wire", "copy")
    link = OriginLink.objects.get()
    assert (link.relation, link.a_id < link.b_id) == (OriginLink.Relation.COPY, True)
    assert "% of the shorter text" in link.why


def test_a_document_read_again_stays_where_it_was():
    arrive(*TEXTS)
    before = (groups(), OriginLink.objects.count(), Story.objects.count())
    for document in Document.objects.all():
        Document.objects.filter(pk=document.pk).update(digested_at=None)
        assert pipeline.digest_now(document)
    assert (groups(), OriginLink.objects.count(), Story.objects.count()) == before


def test_a_copy_that_was_rewritten_leaves_and_the_rest_is_rooted_anew():
    arrive("wire", "copy", "cut")
    read(html(*RECIPE), "wire", title="wire")
    assert groups() == [["copy", "cut"], ["wire"]]
    assert Document.objects.get(key="cut").origin.root.key == "copy"
    assert not Origin.objects.filter(documents=None).exists()


def test_one_event_is_one_story_and_another_event_another():
    arrive("wire", "cut")
    bread = read(html(*RECIPE, title="Bread"), "bread", title="Bread")
    documents = Document.objects.exclude(pk=bread.pk)
    assert len({document.story_id for document in documents}) == 1
    assert bread.story_id not in {document.story_id for document in documents}


def test_a_story_spans_its_documents():
    found = arrive("wire", "cut")
    story = Document.objects.get(key="wire").story
    assert (story.first_at, story.last_at) == (found["wire"].published_at, found["cut"].published_at)


def test_old_news_opens_its_own_story():
    arrive("wire")
    old = read(html(*REVIEW[:2]), "old", title="wire", days=-300)
    assert old.story_id != Document.objects.get(key="wire").story_id


@pytest.mark.django_db(transaction=True)
def test_copies_read_at_the_same_moment_see_each_other():
    documents = [held(html(*LONGER, title=f"Copy {number}"), f"copy{number}", days=number) for number in range(4)]
    done = expect.at_once([lambda document=document: pipeline.digest_now(document) for document in documents])
    assert done == [True] * 4
    assert groups() == [["copy0", "copy1", "copy2", "copy3"]]
    assert Origin.objects.get().root.key == "copy0"
