"""Leaving what was given up as it is: for a reason, on the record, and not for ever."""

import pytest
from django.db import DatabaseError

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.evidence.models import Answer, Document, Visit
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Document, Visit])
def dead(request, alice):
    """A document, and an answer of a source, that the workers gave up."""
    if request.param is Document:
        row = make.document()
    else:
        row = Visit.objects.note(make.source(by=alice), Answer("https://news.example/feed", b"<rss/>"))
    request.param.objects.filter(pk=row.pk).update(dead_at=NOW, attempts=5, last_error="It was slow.")
    return request.param.objects.get(pk=row.pk)


def test_it_is_left_for_a_reason_that_is_on_record(dead, alice):
    dead.set_aside(by=alice, reason="  The page was moved. ")
    dead.refresh_from_db()
    assert (dead.is_left, dead.set_aside_by, dead.set_aside_why) == (True, alice, "The page was moved.")
    assert Entry.objects.about(dead).get().verb.endswith(".set_aside")


def test_it_wants_a_reason(dead, alice):
    with expect.refusal(NotNow, dead):
        dead.set_aside(by=alice, reason=" ")


def test_it_is_left_once(dead, alice):
    dead.set_aside(by=alice, reason="Moved.")
    dead.refresh_from_db()
    with expect.refusal(NotNow, dead):
        dead.set_aside(by=alice, reason="Moved.")


def test_it_can_still_be_tried_again(dead, alice):
    dead.set_aside(by=alice, reason="Moved.")
    dead.retry(by=alice)
    dead.refresh_from_db()
    assert (dead.is_left, dead.dead_at) == (False, None)
    with expect.refusal(NotNow, dead):
        dead.set_aside(by=alice, reason="Moved.")


def test_who_does_not_review_leaves_nothing(dead, bob, dave):
    for person in (bob, dave):
        with expect.refusal(NotAllowed, dead):
            dead.set_aside(by=person, reason="Moved.")


@pytest.mark.django_db(transaction=True)
def test_nobody_leaves_a_row_quietly(dead):
    with pytest.raises(DatabaseError, match="without an entry about"):
        type(dead).objects.update(set_aside_at=NOW, set_aside_why="quietly")
    type(dead).objects.update(last_error="The worker was lost.")
