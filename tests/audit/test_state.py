"""Values as an entry holds them: references, never names; digests, never novels."""

import datetime
import decimal
import hashlib
import uuid

import pytest

from riskreview.audit import state
from riskreview.cases.workflow import Status
from riskreview.vendors.models import Vendor
from tests import make

CET = datetime.timezone(datetime.timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (Status.ON_HOLD, "ON_HOLD"),
        ("words", "words"),
        (decimal.Decimal("1.50"), "1.50"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime.date(2025, 1, 28), "2025-01-28"),
        (datetime.datetime(2025, 1, 28, 11, 0, tzinfo=CET), "2025-01-28T10:00:00.000000Z"),
        ((1, [2]), [1, [2]]),
        ({"b", "a"}, ["a", "b"]),
        ({"a": Status.NEW}, {"a": "NEW"}),
        (Vendor(pk=17, canonical_name="DeepSeek"), {"ref": "vendor:17"}),
    ],
)
def test_a_value_has_one_plain_form(value, told):
    assert state.plain(value) == told


@pytest.mark.parametrize("stranger", [1.5, b"raw", 1j, range(3)], ids=repr)
def test_it_refuses_strangers(stranger):
    with pytest.raises(TypeError, match="cannot hold"):
        state.plain([stranger])


def test_it_refuses_a_queryset():
    with pytest.raises(TypeError, match="QuerySet"):
        state.plain(Vendor.objects.all())


def test_it_refuses_a_time_without_a_zone():
    with pytest.raises(TypeError, match="without a zone"):
        state.plain(datetime.datetime(2025, 1, 28))


def test_long_words_become_their_digest():
    words = "ü" * (state.TOO_LONG + 1)
    digest = hashlib.sha256(words.encode()).hexdigest()
    assert state.plain(words) == {"sha256": digest, "bytes": 2 * len(words)}
    assert state.plain(words[:-1]) == words[:-1]


def test_changes_name_what_differs_and_nothing_else():
    before, after = {"a": 1, "b": 2, "gone": 3}, {"a": 1, "b": 5, "fresh": None, "new": 4}
    assert state.changes(before, after) == {"b": [2, 5], "gone": [3, None], "new": [None, 4]}


@pytest.mark.django_db
def test_a_row_and_its_parts_make_one_state(alice):
    vendor = make.vendor(by=alice)
    alias = vendor.aliases.get()
    told = vendor.full_state()
    assert (told["canonical_name"], told[f"alias:{alias.pk}.text"]) == ("DeepSeek", "DeepSeek")
    assert told[f"alias:{alias.pk}.vendor"] == {"ref": f"vendor:{vendor.pk}"}
    assert state.digest(told) == state.digest(dict(reversed(told.items())))


@pytest.mark.django_db
def test_an_earlier_version_tells_row_and_parts_by_the_lists_of_its_time(alice, bob):
    case = make.case(by=alice, status=Status.DECIDED, approver=bob)
    decision = f"decision:{case.decisions.get().pk}"
    old, new = case.full_state(1), case.full_state()
    assert {"asked_on", f"{decision}.approved_at"} <= new.keys() - old.keys()
    assert {f"{decision}.approved_by", "ref"} <= old.keys()
    assert old.items() <= new.items()
