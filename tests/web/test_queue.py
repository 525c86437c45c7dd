"""The review queue."""

from __future__ import annotations

import datetime

import pytest

from riskreview.cases.models import Case, Stance
from riskreview.evidence.models import Document, Origin
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_it_groups_by_clock_most_urgent_first(browse, alice, now):
    for title, due in [("No hurry", None), ("Far away", now + 400 * HOUR), ("Too late", now - HOUR)]:
        make.case(by=alice, title=title, due_at=due)
    make.case(by=alice, title="Waiting", status="ON_HOLD", due_at=now - HOUR)
    told = text_of(browse(alice).get("/queue/"))
    places = [
        told.index(word)
        for word in ("Overdue 1", "Too late", "Later 1", "Far away", "No date 1", "No hurry", "Waiting")
    ]
    assert places == sorted(places)


def test_inside_a_group_priority_and_age_decide(browse, alice):
    for title, priority in [("Calm", 4), ("Urgent thing", 1), ("Usual", 3)]:
        make.case(by=alice, title=title, priority=priority)
    told = text_of(browse(alice).get("/queue/"))
    assert told.index("Urgent thing") < told.index("Usual") < told.index("Calm")


def test_views_and_filters_narrow_it(browse, alice, bob, carol):
    make.case(by=alice, title="Mine alone", status="IN_REVIEW")
    make.case(by=carol, title="Nobody has it", vendors=[make.vendor("Alibaba", by=carol)])
    make.case(by=alice, title="Done and signed", status="DECIDED", approver=bob)
    client = browse(alice)

    def titles(query: str) -> set[str]:
        page = text_of(client.get(f"/queue/?{query}"))
        return {title for title in ("Mine alone", "Nobody has it", "Done and signed") if title in page}

    assert titles("") == {"Mine alone", "Nobody has it"}
    assert titles("view=mine") == titles("mine=1") == titles("state=IN_REVIEW") == {"Mine alone"}
    assert (
        titles("view=unassigned")
        == titles("vendor=alibaba")
        == titles("q=aliba")
        == titles("q=NOBODY")
        == {"Nobody has it"}
    )
    assert titles("view=decided") == {"Done and signed"}
    assert titles("q=zzz") == set()


def test_filters_that_are_on_are_words_that_can_be_taken_off(browse, alice):
    page = browse(alice).get("/queue/?view=mine&state=NEW&q=deep").content.decode()
    assert 'aria-label="Remove filter: state is New"' in page
    assert 'href="/queue/?view=mine&amp;q=deep"' in page


def test_the_fragment_carries_its_own_address(browse, alice):
    response = browse(alice).get("/queue/?q=&state=NEW&vendor=", headers={"HX-Request": "true"})
    assert response["HX-Push-Url"] == "/queue/?state=NEW"


def test_dots_count_independent_origins_once(browse, alice):
    case = make.case(by=alice, status="IN_REVIEW")
    one, other = make.exhibit(case, by=alice), make.exhibit(case, by=alice, stance=Stance.CONTRADICTS)
    copy = make.document()
    origin = Origin.objects.create(root=one.document)
    Document.objects.filter(pk__in=[one.document_id, copy.pk]).update(origin=origin)
    page = browse(alice).get("/queue/").content.decode()
    assert "2 independent, 1 disputing, 1 syndicated copy folded" in page
    assert (page.count('class="ind"'), page.count('class="dis"'), page.count('class="copy"')) == (1, 1, 1)
    assert other.document_id != one.document_id


def test_it_pages_in_sql(browse, alice):
    for number in range(53):
        make.case(by=alice, title=f"Question {number:02}")
    first, second = browse(alice).get("/queue/"), browse(alice).get("/queue/?page=2")
    assert first.content.count(b"data-row") == 50
    assert second.content.count(b"data-row") == 3
    assert b"Showing 51\xe2\x80\x9353 of 53" in second.content


def test_it_needs_at_most_fifteen_queries(browse, alice, bob, django_assert_max_num_queries):
    for number in range(12):
        case = make.case(by=alice, status="IN_REVIEW", title=f"Question {number}")
        make.exhibit(case, by=alice)
        make.suggestion(case)
    client = browse(alice)
    with django_assert_max_num_queries(15):
        client.get("/queue/?q=question&mine=1")


def test_an_empty_queue_says_what_next(browse, alice, dave):
    assert b"New case" in browse(alice).get("/queue/?view=mine").content
    assert not Case.objects.exists()
    assert b"New case</a>" not in browse(dave).get("/queue/").content
