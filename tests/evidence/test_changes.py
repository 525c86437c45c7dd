"""What changed in documents: kept once, and for good."""

import pytest
from django.db import DatabaseError, transaction

from riskreview.evidence.models import Change
from tests import expect, make

pytestmark = pytest.mark.django_db
TOLD = {"kind": "CORRECTION", "material": True, "summary": "A figure changed.", "note": "", "reasons": []}


@pytest.fixture
def snapshot():
    return make.snapshot()


def keep(snapshot, because=None, **more):
    after = None if because else snapshot
    return Change.objects.keep(document=snapshot.document, after=after, because=because, told=TOLD | more)


def test_a_change_to_a_capture_is_kept_once(snapshot):
    assert keep(snapshot) == keep(snapshot, summary="Something else.")
    assert Change.objects.get().summary == "A figure changed."


def test_a_change_by_another_document_is_kept_once(snapshot):
    notice = make.document("It corrects the other one.")
    assert keep(snapshot, because=notice) == keep(snapshot, because=notice)


def test_an_address_may_be_given_up_twice(snapshot):
    for _ in range(2):
        Change.objects.keep(document=snapshot.document, after=None, because=None, told=TOLD | {"kind": "GONE"})
    assert snapshot.document.changes.count() == 2


def test_a_change_stays_what_it_was(snapshot):
    change = keep(snapshot)
    for act in (lambda: Change.objects.update(material=False), change.delete):
        with pytest.raises(DatabaseError, match="seen"), transaction.atomic():
            act()


def test_the_database_keeps_a_change_once_too(snapshot):
    keep(snapshot)
    with expect.violation("change_to_snapshot_once"):
        Change.objects.create(document=snapshot.document, after=snapshot, **TOLD)
    notice = make.document("It corrects the other one.")
    keep(snapshot, because=notice)
    with expect.violation("change_because_once"):
        Change.objects.create(document=snapshot.document, because=notice, **TOLD)
