"""The article the product was first imagined from, and sentences with their claims, where they are at hand."""

import json

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.hedges import hedges
from riskreview.enrichment.stated import stated
from riskreview.lib.text import sentences
from tests.enrichment import seed
from tests.enrichment.names import slug
from tests.enrichment.said import names, said

pytestmark = seed.needs_seed


def analysed():
    text, found = seed.text(), said(seed.text())
    triggers = [(s["trigger_within"]["start"], s["trigger_within"]["end"]) for s in seed.expected()["signals"]]
    return [*found, *stated(text, sentences(text), names(text), triggers, found)]


def fits(claim, wanted):
    core, limit = wanted["core"], wanted["limit"]
    inside = [
        s for s in claim.content if limit["start"] <= s[0] <= core["start"] and core["end"] <= s[1] <= limit["end"]
    ]
    return claim.kind == wanted["type"].upper().replace("-", "_") and bool(inside)


def test_every_claim_of_the_article_is_found_with_source_hedges_and_figures():
    expected, found = seed.expected(), analysed()
    marks = {mark["id"]: (mark["start"], mark["end"]) for mark in [*expected["hedges"], *expected["figures"]]}
    for wanted in expected["claims"]:
        claim = next(claim for claim in found if fits(claim, wanted))
        source = wanted["source"]
        assert claim.source.kind == source["kind"].upper(), wanted["id"]
        assert (slug(claim.source.vendor) if claim.source.vendor else None) == (
            source["entity"] and seed.slug(source["entity"])
        )
        if source["entity"]:
            assert claim.source.span[0] < source["end"]
            assert source["start"] < claim.source.span[1]
        assert {(h.start, h.end) for h in claim.hedges} == {marks[key] for key in wanted["hedges"]}
        assert {(f.start, f.end) for f in claim.figures} == {marks[key] for key in wanted["figures"]}


def test_hedges_and_figures_of_the_article_are_exact():
    text, expected = seed.text(), seed.expected()
    assert [(h.start, h.end, h.kind.lower()) for h in hedges(text)] == [
        (h["start"], h["end"], h["class"]) for h in expected["hedges"]
    ]
    assert [(f.start, f.end, float(f.value), f.unit, f.currency) for f in amounts(text)] == [
        (f["start"], f["end"], f["value"], f["unit"], f.get("currency", "")) for f in expected["figures"]
    ]


def test_the_labelled_sentences_have_their_claims():
    lines = (seed.LABELS / "own" / "attribution.jsonl").read_text(encoding="utf-8").splitlines()
    for wanted in map(json.loads, lines):
        found = said(wanted["text"])
        if wanted["type"] == "none":
            assert found == []
            continue
        [claim] = [c for c in found if c.kind.lower().replace("_", "-") == wanted["type"]]
        assert claim.content[0][0] == wanted["content"][0]
        assert (list(claim.source.span) if claim.source.span else None) == wanted["source"]
