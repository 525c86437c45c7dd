"""Tasks: hints about rows. Lost, doubled and late messages change nothing."""

import pytest

from riskreview.audit.models import Pulse
from riskreview.cases.models import Search
from riskreview.enrichment import tasks
from riskreview.evidence.models import Announcement, Document, Source, Visit
from riskreview.vendors.models import NameChange
from tests import make
from tests.enrichment.pages import REVIEW, held, html

pytestmark = pytest.mark.django_db


def test_the_sweep_publishes_what_is_due_to_whom_it_concerns(messages, alice):
    source = make.source(by=alice)
    unfetched = Document.objects.hold(Announcement(key="a", url="https://news.example/a"))
    unread = held(html(*REVIEW), "b")
    search = Search.objects.get(case=make.case(by=alice))
    renamed = NameChange.objects.get()
    tasks.sweep()
    assert {(name, arguments["id"]) for name, arguments in messages} == {
        ("collect", source.pk),
        ("fetch", unfetched.pk),
        ("digest", unread.pk),
        ("search", search.pk),
        ("reread", renamed.pk),
    }
    worked = (Source, Document, Search, NameChange)
    offers = {str(row.lease) for kind in worked for row in kind.objects.all()}
    assert {arguments["offer"] for _, arguments in messages} == offers


def test_what_is_offered_is_not_published_again(messages):
    held(html(*REVIEW), "a")
    tasks.sweep()
    tasks.sweep()
    assert len(messages) == 1


def test_a_tick_of_a_slot_that_had_one_does_nothing(messages, settings):
    settings.SWEEP_SECONDS = 100_000
    tasks.sweep()
    held(html(*REVIEW), "a")
    tasks.sweep()
    assert messages == []
    ticks = {"enrichment.sweep", "enrichment.forget", "enrichment.spans", "enrichment.index", "enrichment.place"}
    assert {pulse.name for pulse in Pulse.objects.all()} == ticks


def test_the_sweep_gives_up_what_cannot_be_done(messages, alice):
    make.case(by=alice)
    document = held(html(*REVIEW), "a")
    Document.objects.update(attempts=5)
    Search.objects.update(attempts=5)
    tasks.sweep()
    document.refresh_from_db()
    assert [name for name, _ in messages] == ["reread"]
    assert document.dead_at
    assert Search.objects.get().dead_at


def test_a_lost_message_costs_a_delay(messages, work):
    document = held(html(*REVIEW), "a")
    tasks.sweep()
    messages.clear()
    work()
    assert Document.objects.get().digested_at is None
    Document.objects.update(lease_until=make.WHEN)
    work()
    document.refresh_from_db()
    assert document.digested_at


def test_a_message_delivered_three_times_is_worked_once(messages, work):
    document = held(html(*REVIEW), "a")
    work(times=3)
    document.refresh_from_db()
    assert (document.attempts, document.last_error, document.snapshots.count()) == (0, "", 1)


@pytest.mark.parametrize("name", ["collect", "fetch", "digest", "search"])
def test_a_message_about_a_row_that_is_gone_does_nothing(name):
    getattr(tasks, name)(
        id=987_654, offer="00000000-0000-0000-0000-000000000000", later="an argument of a newer version"
    )


@pytest.mark.parametrize("name", ["collect", "fetch", "digest", "search"])
def test_arguments_have_names(name):
    with pytest.raises(TypeError):
        getattr(tasks, name)(1, "00000000-0000-0000-0000-000000000000")


def test_the_sweep_forgets_old_visits_once_an_hour(messages, monkeypatch):
    asked = []
    monkeypatch.setattr(type(Visit.objects.all()), "forget", lambda rows: asked.append(1))
    monkeypatch.setattr(type(Visit.objects), "forget", lambda manager: asked.append(1))
    for _ in range(3):
        tasks.sweep()
    assert asked == [1]
