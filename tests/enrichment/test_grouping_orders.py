"""Origins and stories depend on what there is, not on what came first."""

import random

import pytest

from riskreview.evidence.models import (
    CommonWording,
    Document,
    Fingerprint,
    Origin,
    OriginLink,
    Story,
    Telling,
    Wording,
)
from tests.enrichment import wires

pytestmark = pytest.mark.django_db
KEPT = {"harbour": 0.5, "bank": 0.4, "ferry": 0.3, "prices": 0.6, "note": 0.8}


def some_of_the_world():
    """A part of the two hundred documents that has some of everything."""
    chance = random.Random(3)
    return [each for each in wires.world() if chance.random() < KEPT.get(each.key.split("-")[0], 0)]


def forget():
    for model in (OriginLink, Fingerprint, Wording, CommonWording, Telling):
        model.objects.all().delete()
    Document.objects.update(origin=None, story=None)
    Origin.objects.all().delete()
    Story.objects.all().delete()


def test_the_order_of_arrival_makes_no_difference():
    world = some_of_the_world()
    held = {each.key: wires.placed(each) for each in sorted(world, key=lambda each: each.days)}
    origins, stories = wires.origins(), wires.stories()
    assert 20 < len(origins) < len(world)
    for seed in (1, 2):
        forget()
        for each in random.Random(seed).sample(world, k=len(world)):
            wires.place(held[each.key], each)
        assert (wires.origins(), wires.stories()) == (origins, stories)


def test_a_second_reading_writes_nothing():
    world = some_of_the_world()[:30]
    held = {each.key: wires.placed(each) for each in world}
    before = rows()
    for each in world:
        wires.place(held[each.key], each)
    assert rows() == before


def rows():
    """Every row with its place in its table: a row that is written again gets another one."""
    tables = (Wording, Fingerprint, Origin, OriginLink, Story, Telling, Document)
    return {
        model: list(model.objects.extra(select={"written": "ctid::text"}).order_by("pk").values_list("pk", "written"))
        for model in tables
    }
