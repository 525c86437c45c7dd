"""Dry runs: what a source would bring in, shown to whoever asked, and nothing held."""

import datetime

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.enrichment import tasks
from riskreview.evidence.models import Document, Source, Trial, Visit
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


def ask(alice, url, kind="RSS", **more):
    return Trial.objects.ask(kind=kind, url=url, config={}, credential="", asked_by=alice, **more)


def attempt(trial):
    """Carry it out as a worker does."""
    [(row, offer)] = Trial.objects.offer()
    tasks.attempt(id=row, offer=str(offer))
    trial.refresh_from_db()
    return trial


def test_it_shows_what_would_come_and_holds_nothing(newsroom, alice):
    trial = attempt(ask(alice, f"{newsroom.url}/harbour-wire/feed.xml"))
    assert trial.done_at
    assert trial.count == len(trial.items) > 3
    assert {"title", "url", "published", "summary", "known"} == set(trial.items[0])
    assert not any(each["known"] for each in trial.items)
    assert [kind.objects.count() for kind in (Document, Source, Visit)] == [0, 0, 0]


def test_it_marks_what_we_hold_already(newsroom, alice, work):
    make.source(by=alice, url=f"{newsroom.url}/harbour-wire/feed.xml")
    work()
    trial = attempt(ask(alice, f"{newsroom.url}/harbour-wire/feed.xml"))
    assert all(each["known"] for each in trial.items)


@pytest.mark.parametrize(
    ("path", "words"), [("/bad/404", "status 404"), ("/bad/script", "web page"), ("/bad/empty", "nothing at all")]
)
def test_it_says_why_nothing_would_come(newsroom, alice, path, words):
    trial = attempt(ask(alice, f"{newsroom.url}{path}"))
    assert words in trial.last_error
    assert trial.dead_at
    assert trial.done_at is None


def test_it_is_tried_once_only(newsroom, alice):
    attempt(ask(alice, f"{newsroom.url}/bad/404"))
    assert Trial.objects.offer() == []


@pytest.mark.parametrize(("kind", "url"), [("FAX", "https://x.example/"), ("RSS", "ftp://x.example/"), ("RSS", "")])
def test_what_no_source_could_be_is_refused_at_once(alice, kind, url):
    with pytest.raises(NotNow):
        ask(alice, url, kind)
    assert not Trial.objects.exists()


def test_yesterdays_are_forgotten(alice):
    old, young = ask(alice, "https://x.example/1"), ask(alice, "https://x.example/2")
    Trial.objects.filter(pk=old.pk).update(asked_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=25))
    Trial.objects.forget()
    assert list(Trial.objects.all()) == [young]
