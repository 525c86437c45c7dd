"""What needs a person: grouped by reason, tried again one by one or all of a reason."""

from __future__ import annotations

import datetime
import hashlib

import pytest
from django.urls import reverse
from django.utils import timezone

from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.cases.models import Search
from riskreview.evidence.models import Answer, Document, Visit
from riskreview.web import worklist
from tests import make
from tests.conftest import NOW

from .conftest import text_of

pytestmark = pytest.mark.django_db
SLOW = "It did not answer in time."
HOUR = datetime.timedelta(hours=1)


def key(reason):
    return hashlib.md5(reason.encode()).hexdigest()


def page_of(kind, reason=SLOW, name="work-group"):
    return reverse(name, args=[kind, key(reason)])


def dead_document(reason=SLOW, at=NOW, **given):
    document = make.document(**given)
    Document.objects.filter(pk=document.pk).update(dead_at=at, attempts=5, last_error=reason)
    return Document.objects.get(pk=document.pk)


def dead_visit(alice, reason="The worker was lost each time."):
    visit = Visit.objects.note(make.source(by=alice), Answer("https://news.example/feed", b"<rss/>"))
    Visit.objects.filter(pk=visit.pk).update(dead_at=NOW, attempts=5, last_error=reason)
    return Visit.objects.get(pk=visit.pk)


def dead_search(alice, reason="The worker was lost each time."):
    case = make.case(by=alice)
    case.searches.update(dead_at=NOW, attempts=5, last_error=reason)
    return case


def test_rows_are_grouped_by_kind_and_reason_the_longest_waiting_first(browse, alice):
    dead_document(at=NOW + HOUR)
    dead_document(at=NOW - HOUR)
    dead_document("It is gone.", at=NOW + 2 * HOUR)
    dead_visit(alice)
    dead_search(alice)
    groups = browse(alice).get("/work/").context["page"].object_list
    assert [(group["of"], group["last_error"], group["n"]) for group in groups] == [
        ("document", SLOW, 2),
        ("search", "The worker was lost each time.", 1),
        ("visit", "The worker was lost each time.", 1),
        ("document", "It is gone.", 1),
    ]


def test_nothing_is_said_so(browse, alice):
    assert "Nothing needs a person" in text_of(browse(alice).get("/work/"))


def test_a_group_links_to_what_it_is_about(browse, alice):
    document, visit, case = dead_document(headline="The lost page"), dead_visit(alice), dead_search(alice)
    client = browse(alice)
    for kind, reason, address in (
        ("document", SLOW, document.get_absolute_url()),
        ("visit", visit.last_error, f"/sources/{visit.source_id}/visits/"),
        ("search", visit.last_error, case.get_absolute_url()),
    ):
        response = client.get(page_of(kind, reason))
        assert f'href="{address}"' in response.content.decode(), kind
        assert reason in text_of(response)
        assert "Try all of this reason again (1)" in text_of(response)


def test_a_document_is_tried_again_from_the_list(browse, post, alice):
    document = dead_document()
    here = page_of("document", SLOW)
    response = post(alice, f"/evidence/{document.pk}/retry/", document, next=here)
    assert (response.status_code, response["Location"]) == (303, here)
    document.refresh_from_db()
    assert (document.dead_at, document.attempts) == (None, 0)
    assert Entry.objects.about(document).get().verb == "document.retry"


def test_a_visit_is_tried_again_from_the_page_of_its_source(browse, post, alice):
    visit = dead_visit(alice)
    assert "Try again" in text_of(browse(alice).get(visit.source.get_absolute_url()))
    response = post(alice, f"/visits/{visit.pk}/retry/", visit)
    assert response["Location"] == visit.source.get_absolute_url()
    visit.refresh_from_db()
    assert visit in Visit.objects.all().due()
    assert Entry.objects.about(visit).get().verb == "visit.retry"


@pytest.mark.parametrize("kind", ["document", "visit"])
def test_a_row_is_left_for_a_reason_and_then_stands_among_those_left(browse, post, alice, kind):
    row = dead_document() if kind == "document" else dead_visit(alice, SLOW)
    here, there = page_of(kind), reverse(f"{kind}-set-aside", args=[row.pk])
    assert f'action="{there}"' in browse(alice).get(here).content.decode()
    assert post(alice, there, row, next=here).status_code == 303
    row.refresh_from_db()
    assert row.set_aside_at is None
    response = post(alice, there, row, next=here, reason="The page was moved.")
    assert (response.status_code, response["Location"]) == (303, here)
    assert "Nothing needs a person" in text_of(browse(alice).get("/work/"))
    told = text_of(browse(alice).get("/work/?left=1"))
    assert "The page was moved. Alice" in told
    assert "Left 1" in told


def test_what_nobody_left_is_said_so(browse, alice):
    assert "Nothing was left" in text_of(browse(alice).get("/work/?left=1"))


def test_a_document_that_was_given_up_tells_of_one_attempt_and_who_left_it(browse, alice):
    document = dead_document()
    Document.objects.update(attempts=1)
    assert "Given up after 1 attempt; it needs a person" in text_of(browse(alice).get(document.get_absolute_url()))
    document.set_aside(by=alice, reason="The page was moved.")
    told = text_of(browse(alice).get(document.get_absolute_url()))
    assert "Alice left it so: The page was moved." in told


def test_a_search_is_made_again_from_the_list(browse, post, alice):
    case = dead_search(alice)
    page = browse(alice).get(page_of("search", "The worker was lost each time.")).content.decode()
    assert f'action="/cases/{case.ref}/search-again/"' in page
    assert post(alice, f"/cases/{case.ref}/search-again/", case).status_code == 303
    assert Search.objects.get().dead_at is None
    assert "Nothing needs a person" in text_of(browse(alice).get("/work/"))


def test_nobody_is_sent_elsewhere_by_a_form(post, alice):
    document = dead_document()
    response = post(alice, f"/evidence/{document.pk}/retry/", document, next="https://evil.example/")
    assert response["Location"] == document.get_absolute_url()


def test_what_was_not_given_up_is_not_tried_again(post, alice):
    document = make.document()
    assert post(alice, f"/evidence/{document.pk}/retry/", document).status_code == 409


def test_a_form_that_does_not_say_what_was_seen_does_nothing(browse, alice):
    visit = dead_visit(alice)
    response = browse(alice).post(f"/visits/{visit.pk}/retry/", follow=True)
    assert "which version you were looking at" in text_of(response)
    assert Visit.objects.dead().exists()


def test_all_of_a_reason_are_tried_again_after_the_number_was_shown(browse, alice):
    rows = [dead_document() for _ in range(3)]
    other = dead_document("It is gone.")
    client, here = browse(alice), page_of("document", SLOW, "work-retry")
    page = client.get(here)
    assert "Try 3 again?" in text_of(page)
    assert Document.objects.dead().count() == 4
    response = client.post(here, follow=True)
    assert "3 tried again." in text_of(response)
    assert list(Document.objects.dead()) == [other]
    assert [Entry.objects.about(row).get().verb for row in rows] == ["document.retry"] * 3


def test_all_searches_of_a_reason_are_made_again(browse, alice):
    cases = [dead_search(alice), dead_search(alice)]
    browse(alice).post(page_of("search", "The worker was lost each time.", "work-retry"))
    assert Search.objects.all().due().count() == 2
    assert [Entry.objects.about(case).newest_first()[0].verb for case in cases] == ["case.search_again"] * 2


def test_only_so_many_are_tried_in_one_go_the_longest_waiting_first(browse, alice, monkeypatch):
    monkeypatch.setattr(worklist, "AT_ONCE", 2)
    late, *_ = [dead_document(at=NOW + hours * HOUR) for hours in (3, 1, 2)]
    here = page_of("document", SLOW, "work-retry")
    assert "come back for the rest" in text_of(browse(alice).get(here))
    browse(alice).post(here)
    assert list(Document.objects.dead()) == [late]


def test_a_row_that_refuses_does_not_stop_the_others(browse, alice, monkeypatch):
    first, second = dead_document(), dead_document()
    real = worklist.again

    def while_somebody_else_is_quicker(rows, kind, by):
        rows = list(rows)
        Document.objects.get(pk=first.pk).retry(by=by)
        return real(rows, kind, by)

    monkeypatch.setattr(worklist, "again", while_somebody_else_is_quicker)
    response = browse(alice).post(page_of("document", SLOW, "work-retry"), follow=True)
    assert "1 tried again. 1 could not be." in text_of(response)
    second.refresh_from_db()
    assert second.dead_at is None


@pytest.mark.parametrize("role", [Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR, Role.REVIEWER])
def test_people_who_review_or_oversee_see_what_needs_a_person(browse, invite, role):
    dead_document()
    assert SLOW in text_of(browse(invite("Frank", role)).get("/work/"))


@pytest.mark.parametrize("role", [Role.READER, Role.APPROVER])
def test_others_do_not(browse, invite, role):
    client = browse(invite("Frank", role))
    for page in ("/work/", page_of("document", SLOW), page_of("document", SLOW, "work-retry")):
        assert client.get(page).status_code == 403


def test_an_auditor_looks_and_does_not_touch(browse, post, invite):
    document, audrey = dead_document(headline="The lost page"), invite("Audrey", Role.AUDITOR)
    page = browse(audrey).get(page_of("document", SLOW))
    assert "The lost page" in text_of(page)
    assert "Try" not in text_of(page).partition("The lost page")[0].partition("given up")[2]
    assert browse(audrey).post(page_of("document", SLOW, "work-retry")).status_code == 403
    assert post(audrey, f"/evidence/{document.pk}/retry/", document).status_code == 403
    assert Document.objects.dead().exists()


def test_an_administrator_sees_reasons_and_no_documents(browse, invite):
    dead_document(headline="The lost page")
    page = browse(invite("Adam", Role.ADMINISTRATOR)).get(page_of("document", SLOW))
    assert "The lost page" not in text_of(page)


@pytest.mark.parametrize("name", ["work-group", "work-retry"])
def test_a_kind_that_is_none_is_not_there(browse, alice, name):
    assert browse(alice).get(page_of("nothing", SLOW, name)).status_code == 404


def test_a_reason_that_is_no_more_says_so(browse, alice):
    client = browse(alice)
    for address in (page_of("document", "Gone."), page_of("document", "Gone.", "work-retry")):
        assert "Nothing here" in text_of(client.get(address))


def test_overseers_see_in_the_frame_that_something_needs_a_person(browse, alice, carol):
    lead, reviewer = browse(carol), browse(alice)
    assert "nav-count--alert" not in lead.get("/help/").content.decode()
    dead_document()
    dead_visit(alice)
    assert 'Needs a person<span class="nav-count nav-count--alert">2</span>' in lead.get("/help/").content.decode()
    assert "nav-count--alert" not in reviewer.get("/help/").content.decode()


def test_the_pages_cost_the_same_however_many_there_are(browse, alice, django_assert_num_queries):
    client = browse(alice)
    for count in (1, 9):
        for number in range(count):
            dead_document(source=make.source(by=alice))
            dead_document(f"Reason {count} {number}.")
            dead_visit(alice)
        with django_assert_num_queries(7):
            client.get("/work/")
        with django_assert_num_queries(6):
            client.get(page_of("document", SLOW))
        with django_assert_num_queries(6):
            client.get(page_of("visit", "The worker was lost each time."))


def test_health_tells_what_was_given_up_and_who_is_silent(browse, alice, carol):
    from riskreview.evidence.models import Host, Source

    now = timezone.now()
    dead_document()
    make.source(by=alice, name="Silent Wire"), make.source(by=alice, name="Over"), make.source(by=alice, name="Broken")
    Source.objects.filter(name="Silent Wire").update(usual_gap=HOUR, silent_since=now - 5 * HOUR)
    Source.objects.filter(name="Over").update(ended_at=now, ended_why="It moved.")
    Source.objects.filter(name="Broken").update(last_error="It is a web page.")
    Host.objects.create(name="slow.example", failures=6, reason="It was slow.", open_until=now + HOUR)
    told = text_of(browse(carol).get("/health/"))
    for words in (
        "1 given up by the workers", "Silent Wire Quiet Nothing new for 5 h", "Broken It is a web page.", "It moved.",
        "slow.example is left alone until", "Answers to read", "Oldest due for",
    ):  # fmt: skip
        assert words in told, words
