"""Limits on the page of their case, closures, and calendar feeds."""

from __future__ import annotations

import datetime

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from riskreview.accounts.models import CalendarFeed
from riskreview.audit.models import Entry
from riskreview.cases.models import Case, Closure, Milestone
from tests import make
from tests.cases.running import clocks, day, running, tasked

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    case = running(alice)
    tasked(case, alice)
    return case


def page(client, case):
    return client.get(case.get_absolute_url()).content.decode()


def test_the_page_tells_each_limit_and_how_its_date_came_about(case, alice, browse):
    told = page(browse(alice), case)
    assert "14 Mar 2025" in told
    assert "Day 0 is Tuesday, 28 January 2025." in told
    assert "Escalated to the deciding official" in told
    assert "Look again: waits for the approval" in told


def test_the_date_of_the_case_is_told_from_the_limits(case, alice, browse):
    assert "The limit of the playbook that comes first." in page(browse(alice), case)
    sooner = {"due_at": datetime.datetime(2025, 2, 1, tzinfo=datetime.UTC), "priority": case.priority}
    case.reschedule(by=alice, reason="We want it sooner.", **sooner)
    assert "Due date of this case, set when it was opened or rescheduled" in page(browse(alice), case)
    case.reschedule(by=alice, reason="Later.", **(sooner | {"due_at": timezone.now() + datetime.timedelta(days=900)}))
    assert "The limit of the playbook that comes first. The due date of this case, set when" in page(
        browse(alice), case
    )


def test_a_case_without_a_playbook_shows_no_limits(alice, browse):
    assert 'id="clocks"' not in page(browse(alice), make.case(by=alice))


def test_who_only_reads_finds_no_buttons(case, dave, browse):
    told = page(browse(dave), case)
    assert 'id="clocks"' in told
    assert "Record a date" not in told
    assert "Waive" not in told


def test_more_limits_take_no_more_queries(alice, browse):
    case = running(alice, "icts_transaction_review")

    def serve(name, on):
        party = make.vendor(name, by=alice)
        case.vendors.add(party)
        told = {"case": case, "key": "served", "party": party, "document": make.document()}
        Milestone.objects.record(by=alice, stated_on=day(on), **told)

    def queries():
        with CaptureQueriesContext(connection) as found:
            page(client, case)
        return len(found)

    client = browse(alice)
    serve("DeepSeek", "2025-03-03")
    page(client, case)
    before = queries()
    serve("High-Flyer", "2025-03-10")
    serve("Moonshot", "2025-03-11")
    assert queries() == before


def seen(row, **words):
    return {"seen": row.entry_seq} | words


def test_a_date_is_recorded_and_corrected_in_the_browser(alice, browse):
    case, client = running(alice), browse(alice)
    proof = make.document()
    sent = {"key": "tasked", "party": "", "stated_on": "2025-01-28", "stated_at": ""}
    sent |= {"document": f"/evidence/{proof.pk}/"}
    answer = client.post(f"/cases/{case.ref}/milestones/record/", sent)
    assert (answer.status_code, str(clocks(case)["decision"].due_on)) == (303, "2025-03-14")
    made = Milestone.objects.get()
    sent = seen(made, stated_on="2025-01-29", stated_at="", reason="The stamp.")
    assert client.post(f"/milestones/{made.pk}/correct/", sent).status_code == 303
    assert "decision: The date is Monday, 17 March 2025" in page(client, case)


def test_a_form_with_a_problem_comes_back_with_its_words(alice, browse):
    case = running(alice)
    sent = {"key": "tasked", "party": "", "stated_on": "2025-01-28", "stated_at": "", "document": "9999"}
    answer = browse(alice).post(f"/cases/{case.ref}/milestones/record/", sent)
    assert answer.status_code == 422
    assert "There is no such document" in answer.content.decode()


def test_a_limit_is_stopped_let_run_extended_and_waived_in_the_browser(case, alice, carol, browse):
    client, terms = browse(alice), clocks(case)["terms"]
    stop = seen(terms, reason="on_hold", first="2025-01-30", last="", document="", note="")
    assert client.post(f"/clocks/{terms.pk}/toll/", stop).status_code == 303
    assert "Paused" in page(client, case)
    terms.refresh_from_db()
    end = seen(terms, reason="on_hold", last="2025-01-31")
    assert client.post(f"/clocks/{terms.pk}/end-toll/", end).status_code == 303
    terms.refresh_from_db()
    assert str(terms.due_on) == "2025-02-04"
    assert client.post(f"/clocks/{terms.pk}/waive/", seen(terms, reason="Done by others.")).status_code == 303
    decision = clocks(case)["decision"]
    more = {"form": "written_determination", "document": make.document().pk, "until": ""}
    sent = seen(decision, decided_at="2025-03-10T10:00", days="30", **more)
    assert browse(carol).post(f"/clocks/{decision.pk}/extend/", sent).status_code == 303
    assert str(clocks(case)["decision"].due_on) == "2025-04-14"


def test_a_refusal_is_told_in_words(case, alice, browse):
    terms = clocks(case)["terms"]
    sent = seen(terms, reason="on_hold", last="2025-01-31")
    answer = browse(alice).post(f"/clocks/{terms.pk}/end-toll/", sent)
    assert answer.status_code in (409, 422)


def test_leads_announce_and_revoke_closures(alice, carol, browse):
    client = browse(carol)
    sent = {"calendar": "us-federal", "day": "2025-01-09", "why": "Day of mourning.", "document": ""}
    assert client.post("/closures/", sent).status_code == 303
    row = Closure.objects.get()
    assert "Day of mourning." in browse(alice).get("/closures/").content.decode()
    assert "Announce a closure" not in browse(alice).get("/closures/").content.decode()
    assert client.post(f"/closures/{row.pk}/revoke/", seen(row, reason="A slip.")).status_code == 303
    assert "Revoked" in client.get("/closures/").content.decode()


def test_the_queue_goes_by_the_limit_that_binds(case, alice, browse):
    told = browse(alice).get("/queue/").content.decode()
    assert "Overdue" in told
    assert Case.objects.due_within(days=0, now=timezone.now()).get() == case


@pytest.fixture
def feed(alice):
    return CalendarFeed.objects.offer(by=alice)


def events(answer):
    found = icalendar.Calendar.from_ical(answer.content)
    return {str(event["SUMMARY"]): event for event in found.walk("VEVENT")}


def recent(alice):
    case = running(alice)
    tasked(case, alice, str(timezone.now().date() - datetime.timedelta(days=1)))
    return case


def test_an_address_is_shown_once_and_opens_without_signing_in(alice, browse):
    client, case = browse(alice), recent(alice)
    told = client.post("/settings/calendars/", {"team": ""}).content.decode()
    address = told.partition('id="secret">')[2].partition("<")[0]
    assert "/calendar/" in address
    assert address not in client.get("/settings/calendars/").content.decode()
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    dates = events(answer)
    assert f"{case.ref}: Decision" in dates
    assert dates[f"{case.ref}: Decision"].start == clocks(case)["decision"].due_on
    assert "DeepSeek" not in answer.content.decode()


def test_what_did_not_change_is_not_sent_again(feed, alice):
    recent(alice)
    answer = Client().get(feed.path)
    again = Client().get(feed.path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("secret", ["x", "é", "0" * 500])
def test_a_wrong_address_is_not_found_and_says_nothing(feed, secret):
    answer = Client().get(f"/calendar/{secret}.ics")
    assert answer.status_code == 404
    assert "Alice" not in answer.content.decode()


def test_a_revoked_feed_and_one_of_somebody_who_left_are_not_found(feed, alice, browse, system):
    other = CalendarFeed.objects.offer(by=alice)
    assert browse(alice).post(f"/settings/calendars/{feed.pk}/revoke/").status_code == 303
    assert Client().get(feed.path).status_code == 404
    alice.dismiss(by=system, reason="Left.")
    assert Client().get(other.path).status_code == 404


def test_others_do_not_revoke_it(feed, bob, browse):
    assert browse(bob).post(f"/settings/calendars/{feed.pk}/revoke/").status_code == 404


def test_the_secret_is_in_no_entry(feed):
    entry = Entry.objects.about(feed).get()
    assert feed.secret not in f"{entry.header}{entry.private}"


@pytest.fixture
def undated(alice):
    """A case at the stage that decides, without the date its limits start from."""
    found = running(alice, "internal_review")
    make.at_stage(found, "decision", by=alice)
    make.finding(found, by=alice)
    return found


NEVER = "3 limits never began: no date is on record that starts them"


def test_limits_that_never_began_are_told_where_a_decision_is_proposed(undated, alice, browse):
    told = page(browse(alice), undated)
    assert NEVER in told
    assert '<a href="#clocks">Record a date</a>' in told
    given = {"key": "asked", "stated_on": day("2025-01-28"), "document": make.document()}
    Milestone.objects.record(by=alice, case=undated, **given)
    assert "never began" not in page(browse(alice), undated)


def test_the_last_look_tells_of_limits_that_never_began(undated, alice, bob, browse):
    undated.submit(by=alice, disposition="no_action", rationale="Nothing to do.")
    told = browse(bob).get(f"{undated.get_absolute_url()}approve/").content.decode()
    assert NEVER in told
    assert f'<a href="{undated.get_absolute_url()}#clocks">Record a date</a>' in told
