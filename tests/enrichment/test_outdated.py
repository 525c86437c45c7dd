"""After an upgrade of the rules everything is read again: by and by, behind what is new, and never for ever."""

import pytest
from django.db.models.functions import Now

from riskreview.enrichment import outdated, storing, tasks
from riskreview.evidence.models import Document, Reading
from tests import make
from tests.enrichment.pages import REVIEW, held, html, read

pytestmark = pytest.mark.django_db
NEXT = "read-2+0123456789abcdef"


@pytest.fixture
def three(alice):
    make.vendor(by=alice)
    return [read(html(*REVIEW, f"It is number {n}."), f"old-{n}") for n in range(3)]


@pytest.fixture
def upgraded(three, monkeypatch):
    for module in (outdated, storing):
        monkeypatch.setattr(module, "pipeline_version", lambda: NEXT)
    return three


def waiting():
    return set(Document.objects.undigested().filter(digested_at=None).values_list("pk", flat=True))


def test_nothing_is_read_again_while_the_rules_stay(three):
    assert outdated.hand_over() == 0
    assert outdated.progress().is_complete
    assert waiting() == set()


def test_an_upgrade_reads_everything_again_and_then_stops(upgraded, work):
    assert (outdated.progress().read, outdated.progress().of) == (0, 3)
    work()
    assert (outdated.progress().read, outdated.progress().of) == (3, 3)
    assert set(Reading.objects.values_list("pipeline_version", flat=True)) == {NEXT}
    assert work() == 0


def test_a_portion_at_a_time(upgraded, settings):
    settings.REREAD_AT_ONCE = 2
    assert outdated.hand_over() == 2
    assert outdated.hand_over() == 0, "the first two wait still"
    assert len(waiting()) == 2


def test_none_at_all_when_the_setting_says_so(upgraded, settings):
    settings.REREAD_AT_ONCE = 0
    assert outdated.hand_over() == 0


def test_what_is_new_goes_first(upgraded, messages):
    outdated.hand_over()
    new = held(html(*REVIEW, "It is new."), "new")
    Document.objects.filter(pk=new.pk).update(not_before=new.first_seen_at)
    tasks.sweep()
    digests = [arguments["id"] for name, arguments in messages if name == "digest"]
    assert digests[0] == new.pk
    assert set(digests[1:]) == {each.pk for each in upgraded}


def test_what_is_new_keeps_the_old_from_being_handed_over(upgraded, settings):
    settings.REREAD_AT_ONCE = 1
    held(html(*REVIEW, "It is new."), "new")
    assert outdated.hand_over() == 0


def test_what_was_given_up_is_left_alone(upgraded):
    Document.objects.filter(pk=upgraded[0].pk).update(dead_at=make.WHEN)
    assert outdated.hand_over() == 2


def test_what_was_read_before_readings_were_kept_is_read_again(alice, work):
    make.vendor(by=alice)
    document = make.document()
    Reading.objects.create(snapshot=document.newest, pipeline_version="", gazetteer_version="", sha256="")
    work()
    assert document.newest.reading.counts["mentions"] > 0


def test_a_stage_that_fails_is_named_and_tried_five_times(alice, work, monkeypatch):
    from riskreview.enrichment import analysis

    monkeypatch.setattr(analysis, "signals", lambda *given: 1 / 0)
    document = held(html(*REVIEW), "a")
    for _ in range(5):
        Document.objects.filter(pk=document.pk).update(not_before=make.WHEN)
        work()
    document.refresh_from_db()
    assert document.last_error == "Reading failed at the stage “signals” (ZeroDivisionError)."
    assert (document.attempts, bool(document.dead_at)) == (5, True)
    assert not Reading.objects.exists()
    monkeypatch.undo()
    document.retry(by=alice)
    for row, offer in Document.objects.undigested().offer():
        tasks.digest(id=row, offer=str(offer))
    document.refresh_from_db()
    assert (document.dead_at, document.last_error, Reading.objects.count()) == (None, "", 1)


def test_a_page_that_could_not_be_fetched_keeps_nobody_from_being_read_again(alice, monkeypatch, settings):
    make.vendor(by=alice)
    stuck, free = [read(html(*REVIEW, f"It is number {n}."), f"old-{n}") for n in range(2)]
    Document.objects.filter(pk=stuck.pk).update(fetch_wanted=True, dead_at=Now(), last_error="404")
    for module in (outdated, storing):
        monkeypatch.setattr(module, "pipeline_version", lambda: NEXT)
    settings.REREAD_AT_ONCE = 1
    assert outdated.hand_over() == 1
    free.refresh_from_db()
    assert free.digested_at is None
