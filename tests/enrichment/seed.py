"""The article the product was first imagined from, with its analysis by hand, where it is at hand."""

import json
from pathlib import Path

import pytest

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
LABELS = SEEDS.parent / "data" / "enrichment" / "labels"
needs_seed = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed article is not beside the project")

_SLUGS = {"goldman": "goldman-sachs", "clearview": "clearview-ai"}


def text():
    return (SEEDS / "qwen-2.5-max.txt").read_text(encoding="utf-8")


def expected():
    return json.loads((SEEDS / "qwen-2.5-max.expected.json").read_text(encoding="utf-8"))


def slug(entity):
    return _SLUGS.get(entity, entity)


def labelled_mentions():
    lines = (LABELS / "own" / "mentions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
