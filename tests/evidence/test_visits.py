"""What sources answered: kept until it is read, kept longer when it could not be."""

import datetime

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.evidence.models import Answer, Source, Visit
from riskreview.evidence.models.visited import usual_gap
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def source(alice):
    return make.source(by=alice)


@pytest.fixture
def visit(source):
    return Visit.objects.note(source, Answer(source.url, b"<rss/>", source.url, 200, {"etag": '"1"'}))


def test_an_answer_waits_to_be_read(visit):
    assert visit in Visit.objects.all().due()
    assert (visit.body, visit.size, visit.status) == (b"<rss/>", 6, 200)


def test_a_source_with_an_unread_answer_is_not_visited_again(source, visit):
    assert source not in Source.objects.all().due()
    visit.read(items=3, new_items=1)
    assert source in Source.objects.all().due()


def test_an_answer_that_was_given_up_holds_the_source_up_no_more(source, visit):
    Visit.objects.update(attempts=5)
    Visit.objects.bury()
    visit.refresh_from_db()
    assert visit.last_error == "The worker was lost each time."
    assert source in Source.objects.all().due()


def test_the_bytes_go_once_they_are_read(visit):
    visit.read(items=3, new_items=1)
    assert (visit.packed, visit.body, visit.items, visit.new_items, visit.reason) == (None, b"", 3, 1, "")


def test_bytes_with_items_that_could_not_be_read_stay(visit):
    visit.read(items=2, new_items=2, refused=("The third item has no address.",))
    assert visit.body == b"<rss/>"
    assert visit.refused == ["The third item has no address."]


def test_bytes_that_could_not_be_read_stay_with_the_reason(visit):
    visit.unreadable("It is a web page, not a feed.")
    assert (visit.body, visit.reason) == (b"<rss/>", "It is a web page, not a feed.")
    assert visit not in Visit.objects.all().left()


def test_a_visit_that_was_given_up_is_read_again_on_request(visit, alice):
    Visit.objects.update(attempts=5)
    Visit.objects.bury()
    visit.refresh_from_db()
    with expect.one_entry("visit.retry", by=alice, about=visit):
        visit.retry(by=alice)
    assert visit in Visit.objects.all().due()


def test_a_visit_that_was_not_given_up_cannot_be_retried(visit, alice):
    with expect.refusal(NotNow, visit, match="still at it"):
        visit.retry(by=alice)


def test_people_who_do_not_review_retry_nothing(visit, dave):
    Visit.objects.update(dead_at=NOW)
    with expect.refusal(NotAllowed, visit):
        visit.retry(by=dave)


def test_a_failed_visit_is_on_the_list_and_has_nothing_to_read(source):
    failed = Visit.objects.note_failure(source, source.url, "Nobody answered.")
    assert failed not in Visit.objects.all().left()
    assert source.visits.newest() is None


def test_new_items_are_counted_by_day(source):
    for hours, fresh in ((0, 2), (1, 3), (30, 4), (31, 0)):
        visit = Visit.objects.note(source, Answer(source.url, str(hours).encode()))
        visit.read(items=9, new_items=fresh)
        Visit.objects.filter(pk=visit.pk).update(at=NOW - datetime.timedelta(hours=hours))
    today = NOW.date()
    counts = Visit.objects.per_day(today - 5 * DAY)
    assert sum(counts.values()) == 9
    assert counts[(NOW - 30 * HOUR).date()] == 4


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ([], DAY),
        ([0], DAY),
        ([0, 1, 2], DAY),
        ([0, 1, 2, 3], HOUR),
        ([0, 2, 4, 6, 8], 2 * HOUR),
        ([0, 1, 2, 3, 100], HOUR),
        ([0, 0.1, 0.2, 0.3, 0.4], HOUR / 2),
    ],
)
def test_the_usual_gap_is_the_median_and_never_below_the_interval(ages, expected):
    assert usual_gap([NOW - age * HOUR for age in ages], HOUR / 2) == expected


def test_a_long_interval_is_waited_for_before_anything_is_known():
    assert usual_gap([], 3 * DAY) == 3 * DAY


@pytest.mark.parametrize(("silence", "quiet"), [(0, False), (2.9, False), (3.1, True), (400, True)], ids=str)
def test_a_source_is_quiet_after_three_times_its_usual_gap(source, silence, quiet):
    Source.objects.update(usual_gap=HOUR, silent_since=NOW - silence * HOUR)
    source.refresh_from_db()
    assert source.is_quiet(NOW) is quiet
    assert (source in Source.objects.all().quiet(NOW)) is quiet


@pytest.mark.parametrize("change", [{"enabled": False}, {"ended_at": NOW, "ended_why": "Over."}])
def test_a_source_that_is_not_visited_is_not_called_quiet(source, alice, change):
    if "enabled" in change:
        source.pause(by=alice, reason="Moved.")
        change = {}
    Source.objects.update(usual_gap=HOUR, silent_since=NOW - 99 * HOUR, **change)
    source.refresh_from_db()
    assert not source.is_quiet(NOW)
    assert not Source.objects.all().quiet(NOW).exists()


def test_a_source_taken_up_again_is_not_blamed_for_its_pause(source, alice):
    Source.objects.update(usual_gap=HOUR, silent_since=NOW - 99 * HOUR)
    source.pause(by=alice, reason="Moved.")
    source.unpause(by=alice)
    source.refresh_from_db()
    assert not source.is_quiet(source.silent_since + HOUR)


def test_failed_readings_stretch_the_interval(source):
    waits = []
    for _ in range(9):
        source.could_not_be_read("It is a web page, not a feed.")
        waits.append((source.not_before - datetime.datetime.now(datetime.UTC)).total_seconds() / 60)
    assert source.failures == 9
    assert waits[0] == pytest.approx(60, abs=1)
    assert waits[-1] == pytest.approx(256, abs=1)


def test_a_service_that_wants_to_be_left_alone_has_not_failed(source):
    source.could_not_be_read("Too many requests.", wait=HOUR)
    assert (source.failures, source.last_error) == (0, "Too many requests.")


def aged(source, days, **columns):
    """A visit of some days ago that was read and brought nothing."""
    made = Visit.objects.note(source, Answer(source.url, str(days).encode()))
    made.read(items=1, new_items=0)
    Visit.objects.filter(pk=made.pk).update(at=datetime.datetime.now(datetime.UTC) - days * DAY, **columns)
    return made


@pytest.mark.parametrize(
    ("days", "columns", "stays"),
    [
        (31, {}, False),
        (29, {}, True),
        (31, {"sha256": "", "reason": "Nobody answered."}, False),
        (31, {"read_at": None, "packed": b"x"}, True),
        (31, {"dead_at": NOW, "read_at": None}, True),
        (31, {"packed": b"x", "reason": "It is a web page, not a feed."}, True),
    ],
    ids=["old", "young", "failed", "unread", "given up", "unreadable"],
)
def test_old_visits_that_were_read_are_forgotten(source, days, columns, stays):
    visit, newest = aged(source, days, **columns), aged(source, 0)
    Visit.objects.forget()
    assert set(Visit.objects.all()) == ({visit, newest} if stays else {newest})


def test_how_long_visits_stay_is_the_operator_s_to_say(source, settings):
    settings.VISITS_KEPT_DAYS = 90
    kept, _, _ = aged(source, 60), aged(source, 91), aged(source, 0)
    Visit.objects.forget()
    assert kept in Visit.objects.all()
    assert Visit.objects.count() == 2


def test_the_last_answer_stays_however_old_it_is(source):
    last = aged(source, 400)
    Visit.objects.note_failure(source, source.url, "Nobody answered.")
    Visit.objects.forget()
    assert source.visits.newest() == last


def test_what_tells_how_often_a_slow_source_brings_something_stays(source):
    months = [aged(source, 30 * month, new_items=1) for month in range(30, 0, -1)]
    source.unchanged()
    before = source.usual_gap
    Visit.objects.forget()
    source.unchanged()
    assert source.usual_gap == before > 29 * DAY
    assert list(Visit.objects.order_by("pk")) == months[-21:]


def test_a_visit_somebody_had_read_again_stays(source, alice):
    visit = aged(source, 60, dead_at=NOW, read_at=None)
    visit.refresh_from_db()
    visit.retry(by=alice)
    visit.read(items=0, new_items=0)
    aged(source, 0)
    Visit.objects.forget()
    assert visit in Visit.objects.all()


def test_visits_are_forgotten_in_portions(source, monkeypatch):
    monkeypatch.setattr("riskreview.evidence.models.visit.FORGOTTEN", 2)
    for days in (40, 41, 42, 0):
        aged(source, days)
    left = []
    for _ in range(3):
        Visit.objects.forget()
        left.append(Visit.objects.count())
    assert left == [2, 1, 1]
