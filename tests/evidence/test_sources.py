"""Where documents come from: registered, graded, paused, asked for now."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow, Stale
from riskreview.evidence.models import Reliability, Source
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Tiber Post",
    "url": "https://tiber.example/feed",
    "kind": "RSS",
    "source_class": Source.Class.NEWSPAPER,
}


AMENDED = {
    "name": "Tiber Post, politics",
    "url": "https://tiber.example/politics",
    "source_class": Source.Class.STATE_MEDIA,
    "interval_minutes": 15,
    "language": "it",
}


@pytest.fixture
def source(alice):
    return make.source(by=alice, reliability=Reliability.F)


def test_registering_starts_the_visits(alice):
    before = Entry.objects.count()
    source = Source.objects.register(by=alice, **GIVEN)
    assert (source.reliability, source.interval_minutes, source.enabled) == (Reliability.F, 60, True)
    entry = Entry.objects.about(source).get()
    assert (entry.verb, entry.actor, Entry.objects.count()) == ("source.register", alice, before + 1)
    assert source in Source.objects.all().due()


def test_registering_refuses_people_who_do_not_review(bob, dave, erin):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed):
            Source.objects.register(by=person, **GIVEN)


@pytest.mark.parametrize("other", [{"name": "Other"}, {"url": "https://other.example/feed"}])
def test_a_name_or_address_is_registered_once(alice, other):
    source = Source.objects.register(by=alice, **GIVEN)
    with expect.refusal(NotNow, source, match="already"):
        Source.objects.register(by=alice, **(GIVEN | other))


def test_a_grade_comes_with_its_reason(source, alice):
    with expect.one_entry("source.grade", by=alice, about=source):
        source.grade(by=alice, reliability=Reliability.B, reason="Corrects its errors.")
    assert source.reliability == Reliability.B
    assert Entry.objects.about(source).newest_first()[0].private["reason"] == "Corrects its errors."


def test_a_grade_outside_the_scale_is_refused(source, alice):
    with pytest.raises(ValueError, match="not a valid Reliability"):
        source.grade(by=alice, reliability="G", reason="Beyond.")
    assert expect.told(source)["reliability"] == "F"


def test_a_paused_source_is_not_visited(source, alice):
    with expect.one_entry("source.pause", by=alice, about=source):
        source.pause(by=alice, reason="Spam.")
    assert source not in Source.objects.all().due()
    with expect.one_entry("source.unpause", by=alice, about=source):
        source.unpause(by=alice)
    assert source in Source.objects.all().due()


def test_it_is_visited_at_once_when_asked(source, alice):
    Source.objects.filter(pk=source.pk).update(not_before=NOW + datetime.timedelta(days=9_000))
    assert source not in Source.objects.all().due()
    with expect.one_entry("source.collect_now", by=alice, about=source):
        source.collect_now(by=alice)
    assert source in Source.objects.all().due()


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("grade", {"reliability": Reliability.A, "reason": "x"}),
        ("amend", AMENDED),
        ("pause", {"reason": "x"}),
        ("unpause", {}),
        ("collect_now", {}),
    ],
)
def test_who_does_not_review_changes_nothing(source, alice, bob, dave, erin, verb, arguments):
    for person in (bob, dave, erin):
        with expect.refusal(NotAllowed, source):
            getattr(source, verb)(by=person, **arguments)
    with expect.refusal(Stale, source):
        getattr(source, verb)(by=alice, seen=0, **arguments)


def test_what_machines_note_survives_a_verb(source, alice):
    held = Source.objects.get(pk=source.pk)
    Source.objects.filter(pk=source.pk).update(etag='"7"', attempts=3, last_error="It was slow.")
    held.grade(by=alice, reliability=Reliability.C, reason="Middling.")
    held.refresh_from_db()
    assert (held.etag, held.attempts, held.last_error) == ('"7"', 3, "It was slow.")


def test_what_machines_note_is_no_act_and_no_change_of_state(source):
    before = expect.told(source)
    Source.objects.filter(pk=source.pk).update(etag='"7"', items_seen=9, last_error="It was slow.")
    assert expect.told(source) == before


def test_only_people_who_read_see_sources(source, dave, erin):
    assert list(Source.objects.visible_to(dave)) == [source]
    assert list(Source.objects.visible_to(erin)) == []


@pytest.mark.parametrize("minutes", [0, 43_201])
def test_an_interval_is_between_a_minute_and_a_month(source, minutes):
    with expect.violation("source_interval"):
        Source.objects.update(interval_minutes=minutes)


def test_the_table_keeps_names_and_addresses_apart(source, alice):
    other = make.source(by=alice)
    for column in ("name", "url"):
        with pytest.raises(IntegrityError, match=f"{column}|source_asked_once"), transaction.atomic():
            Source.objects.filter(pk=other.pk).update(**{column: getattr(source, column)})
    with expect.violation("source_asked_once"):
        Source.objects.filter(pk=other.pk).update(url=source.url)


def test_the_table_knows_how_much_may_be_kept(source):
    with expect.violation("source_retention_known"):
        Source.objects.update(retention="SOME")


def test_amending_changes_what_is_asked_and_begins_afresh(source, alice, carol):
    Source.objects.update(cursor={"page": 7}, etag='"7"', last_modified="then")
    with expect.one_entry("source.amend", by=alice, about=source):
        source.amend(by=alice, owner=carol, **AMENDED)
    assert (source.name, source.interval_minutes, source.owner) == ("Tiber Post, politics", 15, carol)
    assert (source.cursor, source.etag, source.last_modified) == ({}, "", "")
    assert source in Source.objects.all().due()


def test_amending_something_else_keeps_the_place(source, alice):
    Source.objects.update(cursor={"page": 7}, etag='"7"')
    source.amend(by=alice, **(AMENDED | {"url": source.url}))
    assert (source.cursor, source.etag) == ({"page": 7}, '"7"')


def test_a_site_s_rules_are_set_aside_for_a_reason_only(source, alice):
    with expect.refusal(NotNow, source, match=r"robots\.txt"):
        source.amend(by=alice, heed_robots=False, **AMENDED)
    source.amend(by=alice, heed_robots=False, reason="The ministry publishes there for everybody.", **AMENDED)
    assert source.heed_robots is False
    assert Entry.objects.about(source).newest_first()[0].private["reason"].startswith("The ministry")


def test_two_sources_never_ask_the_same(source, alice):
    other = make.source(by=alice)
    with expect.refusal(NotNow, source, match="already"):
        source.amend(by=alice, **(AMENDED | {"url": other.url}))


def test_a_strange_setting_is_refused(source, alice):
    with expect.refusal(NotNow, source, match="no setting called colour"):
        source.amend(by=alice, config={"colour": "red"}, **AMENDED)


def test_a_source_that_ended_is_visited_again_when_it_is_taken_up(source, alice):
    Source.objects.update(ended_at=NOW, ended_why="The feed says that it has ended.")
    assert source not in Source.objects.all().due()
    source.refresh_from_db()
    with expect.refusal(NotNow, source, match="has ended"):
        source.collect_now(by=alice)
    source.unpause(by=alice)
    assert (source.ended_at, source.ended_why) == (None, "")
    assert source in Source.objects.all().due()


def test_entries_of_the_first_version_still_verify(source):
    assert set(source.own_state(1)) == set(Source.recorded_columns[1])
    assert set(source.own_state()) == set(Source.recorded_columns[2])
