"""One beat per slot, however many ticks arrive."""

import time

import pytest

from riskreview.audit.models import Pulse
from tests import expect

pytestmark = pytest.mark.django_db


def test_the_first_tick_of_a_slot_beats_and_the_others_do_not():
    assert Pulse.objects.beat("sweep", 10_000)
    assert not Pulse.objects.beat("sweep", 10_000)


def test_the_next_slot_beats_again():
    beats = 0
    deadline = time.monotonic() + 0.55
    while time.monotonic() < deadline:
        beats += Pulse.objects.beat("sweep", 0.1)
        time.sleep(0.005)
    assert 5 <= beats <= 7


def test_names_beat_apart():
    assert Pulse.objects.beat("sweep", 10_000)
    assert Pulse.objects.beat("deliver", 10_000)
    assert set(Pulse.objects.values_list("name", flat=True)) == {"sweep", "deliver"}


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_ticks_one_beats():
    beats = expect.at_once([lambda: Pulse.objects.beat("sweep", 10_000)] * 8)
    assert sorted(beats) == [False] * 7 + [True]
