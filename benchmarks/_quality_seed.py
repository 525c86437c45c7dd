"""The article the product was imagined from, against its analysis by hand, where that lies beside the project.

The rules of comparison are those the analysis states of itself: exact mentions and none more, claims whose content
covers the core and stays inside the limit, signals with every vendor that is concerned and none that is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from benchmarks import _quality_cases
from benchmarks._quality_claims import QUOTED
from benchmarks._quality_figures import Measured
from benchmarks._quality_labels import SEEDS, Register, Row
from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.analysis import Analysis, analyse
from riskreview.enrichment.claims import Claim
from riskreview.enrichment.hedges import hedges
from riskreview.enrichment.ranking import shipped_background, suggest
from riskreview.enrichment.signals import Signal

MENTIONS, NO_MORE = "mentions, exact with vendor and kind", "mentions found, none more"
ROLES, FIGURES, HEDGES = "roles of mentions", "figures", "hedges"
CLAIMS, SIGNALS = "claims that are required", "signals that are required"
ORDER, SUGGESTED, HIDDEN = "pairs of cases in order", "right cases suggested", "decoys not suggested"
PASSAGES = "passages shown are those that matter"
_CONTEXT = ("other", "agent", "target")


def measure(register: Register) -> Measured:
    """All of the analysis by hand; each thing it asks for is one unit."""
    fixture = json.loads((SEEDS / "qwen-2.5-max.expected.json").read_text(encoding="utf-8"))
    text = (SEEDS / fixture["text"]["file"]).read_text(encoding="utf-8")
    analysis, measured = analyse("", text, register.gazetteer), Measured()
    _mentions(measured, fixture, analysis, register)
    _marks(measured, fixture, text)
    _claims(measured, fixture, analysis, register)
    _signals(measured, fixture, analysis, register)
    _cases(measured, fixture, text, register)
    return measured


def _mentions(measured: Measured, fixture: Row, analysis: Analysis, register: Register) -> None:
    names = analysis.names
    found = {(m.start, m.end): (str(m.name.vendor), m.role) for m in names.mentions if m.state == "ACCEPTED"}
    found |= {(body.start, body.end): (body.key, body.role) for body in names.agencies}
    taken = set()
    for each in fixture["mentions"]:
        spans = _spans(each, analysis.text)
        is_body = each["kind"] == "agency"
        entity = each["entity"] if is_body else str(register.number(each["entity"]))
        span = next((span for span in spans if found.get(span, ("", ""))[0] == entity), None)
        _told(measured, MENTIONS, span is not None, f"{each['id']} [{each['text']}]")
        if span is not None:
            taken.add(span)
            same = found[span][1].lower() == each["role"] or (
                each["role"] == "other" and found[span][1].lower() in _CONTEXT
            )
            _told(measured, ROLES, same, f"{each['id']} [{each['text']}] is {each['role']}, not {found[span][1]}")
    for start, end in found:
        _told(measured, NO_MORE, (start, end) in taken, f"[{analysis.text[start:end]}] at {start}")


def _spans(item: Row, text: str) -> list[tuple[int, int]]:
    """Where a mention may stand: its span, and that of other forms that are accepted inside it."""
    start, end = item["start"], item["end"]
    inner = [start + text[start:end].index(form) for form in item.get("also_accept", [])]
    forms = zip(inner, item.get("also_accept", []), strict=True)
    return [(start, end), *((left, left + len(form)) for left, form in forms)]


def _marks(measured: Measured, fixture: Row, text: str) -> None:
    figures = {(figure.start, figure.end): (float(figure.value), figure.unit) for figure in amounts(text)}
    for each in fixture["figures"]:
        got = figures.get((each["start"], each["end"]))
        _told(measured, FIGURES, got == (float(each["value"]), each["unit"]), f"{each['id']} [{each['text']}]: {got}")
    found = hedges(text)
    for each in fixture["hedges"]:
        held = any(h.start <= each["start"] and each["end"] <= h.end and h.kind.lower() == each["class"] for h in found)
        _told(measured, HEDGES, held, f"{each['id']} [{each['text']}] {each['class']}")


def _claims(measured: Measured, fixture: Row, analysis: Analysis, register: Register) -> None:
    for label in (each for each in fixture["claims"] if each["required"]):
        found = any(_is_claim(label, claim, analysis.text, register) for claim in analysis.claims)
        _told(measured, CLAIMS, found, f"{label['id']} {label['type']} [{label['core']['text']}]")


def _is_claim(label: Row, claim: Claim, text: str, register: Register) -> bool:
    start, end = claim.content[0][0], claim.content[-1][1]
    inside = label["limit"]["start"] <= start <= label["core"]["start"]
    inside = inside and label["core"]["end"] <= end <= label["limit"]["end"]
    kind = label["type"].upper().replace("-", "_")
    same = claim.kind == kind or ({claim.kind, kind} <= QUOTED and '"' in text[start:end])
    return bool(inside and same and _is_source(label["source"], claim, register))


def _is_source(source: Row, claim: Claim, register: Register) -> bool:
    span = claim.source.span
    if source["entity"] is None:
        return span is None
    overlaps = span is not None and span[0] < source["end"] and source["start"] < span[1]
    return overlaps and claim.source.vendor == register.number(source["entity"])


def _signals(measured: Measured, fixture: Row, analysis: Analysis, register: Register) -> None:
    for label in (each for each in fixture["signals"] if each["required"]):
        found = [each for each in analysis.signals if each.sentence == label["sentence"] - 1]
        right = any(_is_signal(label, signal, register) for signal in found)
        got = [f"{s.category} {s.status} of {register.told(s.vendors)}" for s in found]
        _told(measured, SIGNALS, right, f"{label['id']} {label['category']} {label['status']}: {got}")


def _is_signal(label: Row, signal: Signal, register: Register) -> bool:
    within, vendors = label["trigger_within"], register.among(label["vendors"])
    allowed = vendors | register.among(label["may_include"])
    return (
        signal.category == label["category"]
        and vendors <= signal.vendors <= allowed
        and set(label["agencies"]) <= signal.agencies
        and signal.status.lower() in label["status"]
        and signal.start < within["end"]
        and within["start"] < signal.end
    )


def _cases(measured: Measured, fixture: Row, text: str, register: Register) -> None:
    reading, wanted = _quality_cases.prepared("", text, register), fixture["relevance"]
    profiles = [_quality_cases.profile(case, register) for case in fixture["cases"]]
    scored = {case.id: suggest(reading, case, shipped_background()) for case in profiles}
    scores = {key: each.score for key, each in scored.items()}
    for above, below in wanted["must_rank_above"]:
        _told(measured, ORDER, scores[above] > scores[below], f"{above} above {below}: {scores}")
    for metric, keys, right in ((SUGGESTED, wanted["suggested"], True), (HIDDEN, wanted["not_suggested"], False)):
        for key in keys:
            _told(measured, metric, (scored[key].band == "SUGGESTED") is right, f"{key} has {scores[key]}")
    for key, numbers in wanted["excerpt_must_overlap"].items():
        places = [fixture["sentences"][number - 1] for number in numbers]
        _told(measured, PASSAGES, _overlaps(scored[key].excerpt, places), f"{key}: {scored[key].excerpt}")


def _overlaps(span: tuple[int, int], places: Iterable[Sequence[int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in places)


def _told(measured: Measured, metric: str, right: bool, what: str) -> None:
    measured.count(metric, right)
    if not right:
        measured.wrong(f"{metric}: {what}")
