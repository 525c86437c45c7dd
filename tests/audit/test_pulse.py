"""One beat per slot, however many ticks arrive."""

import time

import pytest
from django.db import models

from riskreview.audit.models import Pulse
from tests import expect

pytestmark = pytest.mark.django_db


def test_the_first_tick_of_a_slot_beats_and_the_others_do_not():
    assert Pulse.objects.beat("sweep", 10_000)
    assert not Pulse.objects.beat("sweep", 10_000)


def test_the_next_slot_beats_again():
    assert Pulse.objects.beat("sweep", 0.05)
    deadline = time.monotonic() + 10
    while not Pulse.objects.beat("sweep", 0.05):
        assert time.monotonic() < deadline, "no second beat"


def test_a_clock_that_was_set_back_does_not_beat():
    Pulse.objects.beat("sweep", 10_000)
    Pulse.objects.update(slot=models.F("slot") + 1)
    assert not Pulse.objects.beat("sweep", 10_000)


def test_names_beat_apart():
    assert Pulse.objects.beat("sweep", 10_000)
    assert Pulse.objects.beat("deliver", 10_000)
    assert set(Pulse.objects.values_list("name", flat=True)) == {"sweep", "deliver"}


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_ticks_one_beats():
    beats = expect.at_once([lambda: Pulse.objects.beat("sweep", 10_000)] * 8)
    assert sorted(beats) == [False] * 7 + [True]
