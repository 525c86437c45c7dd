"""Looking again at cited documents: when, how often, and when an address counts as gone."""

import datetime

import pytest
from django.db.models import Q

from riskreview.evidence.models import Capture, Document
from riskreview.evidence.models.watched import next_check
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
EVERYBODY, NOBODY = Q(), Q(pk=None)


@pytest.fixture
def document():
    return make.document()


def due(document):
    """Let the next look be due."""
    Document.objects.filter(pk=document.pk).update(check_at=NOW)
    Document.objects.all().check_again(EVERYBODY)
    document.refresh_from_db()


def hours_until(moment):
    return (moment - datetime.datetime.now(datetime.UTC)) / HOUR


def test_looks_come_after_an_hour_then_six_a_day_three_seven_and_thirty_then_monthly():
    since, told = datetime.timedelta(), []
    for checks in range(9):
        since += next_check(checks)
        told.append(since / HOUR)
    assert told == [1, 6, 24, 72, 168, 720, 1440, 2160, 2880]


def test_a_document_nobody_cites_is_never_looked_at_again(document):
    document.answered(None, asked=document.stamp)
    assert (document.check_at, document.checks) == (None, None)


def test_a_cited_document_is_looked_at_in_an_hour(document):
    document.watch()
    assert (document.checks, round(hours_until(document.check_at), 1)) == (0, 1.0)


def test_citing_it_twice_does_not_put_the_look_off(document):
    document.watch()
    Document.objects.update(check_at=NOW)
    document.refresh_from_db()
    document.watch()
    assert document.check_at == NOW


def test_an_upload_has_no_address_to_look_at(alice):
    uploaded = Document.objects.upload(by=alice, headline="Memo", content=b"Text.", content_type="text/plain", now=NOW)
    uploaded.watch()
    assert uploaded.check_at is None


def test_a_due_look_asks_for_the_bytes(document):
    document.watch()
    due(document)
    assert document.fetch_wanted
    document.answered(None, asked=document.stamp)
    assert (document.fetch_wanted, document.checks, round(hours_until(document.check_at))) == (False, 1, 5)
    assert document.checked_at


def test_a_document_that_no_case_rests_on_any_more_is_left_alone(document):
    document.watch()
    Document.objects.update(check_at=NOW)
    Document.objects.all().check_again(NOBODY)
    document.refresh_from_db()
    assert (document.fetch_wanted, document.check_at, document.checks) == (False, None, None)


def test_an_address_that_gives_nothing_once_is_no_loss(document):
    document.watch()
    assert document.missed(NOW) is False
    assert (document.missing_since, document.withdrawn_at) == (NOW, None)
    assert document.check_at == NOW + 6 * HOUR


def test_an_address_that_gives_nothing_for_six_hours_is_gone(document):
    document.missed(NOW)
    assert document.missed(NOW + 5 * HOUR) is False
    assert document.missed(NOW + 6 * HOUR) is True
    assert document.withdrawn_at == NOW + 6 * HOUR


def test_an_address_is_found_gone_only_once(document):
    for hours in (0, 6):
        document.missed(NOW + hours * HOUR)
    assert document.missed(NOW + 12 * HOUR) is False
    assert document.withdrawn_at == NOW + 6 * HOUR


def test_an_address_that_comes_back_is_not_gone(document):
    for hours in (0, 6):
        document.missed(NOW + hours * HOUR)
    raw = b"<p>Back again.</p>"
    document.answered(Capture(raw=raw, content_type="text/html", fetched_at=NOW), asked=document.stamp)
    assert (document.withdrawn_at, document.missing_since) == (None, None)


def test_a_look_that_failed_for_good_is_repeated_a_day_later(document):
    document.watch()
    due(document)
    Document.objects.update(dead_at=NOW, attempts=5)
    assert hours_until(document.check_at) == pytest.approx(24, abs=1)
    due(document)
    assert (document.dead_at, document.fetch_wanted, document.attempts) == (None, True, 0)


def test_a_text_of_which_only_an_excerpt_may_be_kept_is_not_fetched_again(alice):
    document = make.document(source=make.source(by=alice, retention="EXCERPT"))
    document.watch()
    assert document.check_at is None


def test_bytes_at_hand_are_read_before_others_are_fetched(alice):
    document = make.document()
    Document.objects.update(digested_at=None, fetch_wanted=True, not_before=NOW)
    assert not Document.objects.all().unfetched().exists()
    assert list(Document.objects.all().undigested()) == [document]
