"""What was read in a text keeps its rules: nothing twice at one place, and spans that are spans."""

import pytest

from riskreview.evidence.models import AgencyMention, Claim, Reading, Signal, UnknownName
from tests import expect, make

pytestmark = pytest.mark.django_db
PAIRS = ("more", "cue", "source", "anonymous")
CONSTRAINTS = {
    *("agency_mention_once", "agency_mention_span", "unknown_name_once", "unknown_name_span"),
    *("claim_once", "claim_span", "signal_once", "signal_span", *(f"claim_{pair}_span" for pair in PAIRS)),
}
NAMED = {"start": 0, "end": 8, "surface": "DeepSeek"}
ROWS = {
    AgencyMention: NAMED | {"agency": "x"},
    UnknownName: NAMED | {"key": "deepseek", "kind": "NAME"},
    Claim: {"start": 0, "end": 8, "words": "DeepSeek", "kind": "BARE", "sentence": 0, "source_kind": "NONE"},
    Signal: NAMED
    | {"category": "BREACH", "sentence_start": 0, "sentence_end": 40, "scope": "SENTENCE", "status": "ASSERTED"},
}
FALSE = {
    "agency_mention_span": (AgencyMention, {"end": 0, "surface": ""}),
    "unknown_name_span": (UnknownName, {"end": 0, "surface": ""}),
    "claim_span": (Claim, {"end": 0, "words": ""}),
    "signal_span": (Signal, {"end": 0, "surface": ""}),
    **{f"claim_{pair}_span": (Claim, {f"{pair}_start": 3, f"{pair}_end": 3}) for pair in PAIRS},
}
ONCE = {
    "agency_mention_once": AgencyMention,
    "unknown_name_once": UnknownName,
    "claim_once": Claim,
    "signal_once": Signal,
}


def test_every_constraint_has_its_test():
    declared = {each.name for model in (*ROWS, Reading) for each in model._meta.constraints}
    assert declared == CONSTRAINTS == FALSE.keys() | ONCE.keys()


@pytest.mark.parametrize("name", ONCE)
def test_nothing_stands_twice_at_one_place(name):
    snapshot, model = make.snapshot(), ONCE[name]
    model.objects.create(snapshot=snapshot, **ROWS[model])
    with expect.violation(name):
        model.objects.create(snapshot=snapshot, **ROWS[model])


@pytest.mark.parametrize("name", FALSE)
def test_a_span_has_two_ends_in_order(name):
    model, changed = FALSE[name]
    with expect.violation(name):
        model.objects.create(snapshot=make.snapshot(), **(ROWS[model] | changed))


@pytest.mark.parametrize("pair", PAIRS)
def test_a_span_without_an_end_is_none(pair):
    with expect.violation(f"claim_{pair}_span"):
        Claim.objects.create(snapshot=make.snapshot(), **ROWS[Claim] | {f"{pair}_start": 3})
