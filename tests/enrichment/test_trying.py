"""Dry runs: what a source would bring in, shown to whoever asked, and nothing held."""

import datetime

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.enrichment import tasks
from riskreview.evidence.models import Document, Source, Trial, Visit
from tests import make
from tests.enrichment.files import mail

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


def test_a_folder_of_mail_is_shown_by_subject_and_sender(alice, tmp_path, settings):
    settings.DROP_ROOT = str(tmp_path)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "1.eml").write_bytes(mail(attachments=[("Memo.txt", b"Words.", "text/plain")]))
    (tmp_path / "letters" / "2.eml").write_bytes(b"\0\1 no message")
    trial = attempt(ask(alice, "folder:letters", "MAIL"))
    [shown] = trial.items
    assert (shown["title"], shown["url"]) == ("A subject", "folder:letters/1.eml")
    assert shown["summary"] == "From Ada Example, in 1.eml, with 1 more to come in with it."
    assert [why.partition(":")[0] for why in trial.refused] == ["2.eml"]
    assert Document.objects.count() == 0


def test_yesterdays_are_forgotten(alice):
    old, young = ask(alice, "https://x.example/1"), ask(alice, "https://x.example/2")
    Trial.objects.filter(pk=old.pk).update(asked_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=25))
    Trial.objects.forget()
    assert list(Trial.objects.all()) == [young]


def asked(alice, count):
    for number in range(count):
        ask(alice, f"https://x.example/{number}")


def test_a_person_tries_twenty_sources_in_an_hour_at_most(alice, bob):
    asked(alice, 20)
    with pytest.raises(NotNow, match="You tried 20 sources within the last hour"):
        ask(alice, "https://x.example/more")
    assert ask(bob, "https://x.example/more")


def test_after_an_hour_a_person_tries_more_unless_they_are_still_to_be_done(alice):
    asked(alice, 20)
    earlier = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=61)
    Trial.objects.update(asked_at=earlier)
    with pytest.raises(NotNow):
        ask(alice, "https://x.example/more")
    Trial.objects.filter(url__endswith="/0").update(done_at=earlier)
    Trial.objects.filter(url__endswith="/1").update(dead_at=earlier)
    asked(alice, 2)
    with pytest.raises(NotNow):
        ask(alice, "https://x.example/more")
