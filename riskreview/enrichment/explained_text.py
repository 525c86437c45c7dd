"""What was read out of a text, as lines for people. Pure: from the values of `explaining` to text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from riskreview.enrichment.agencies import AGENCIES
from riskreview.enrichment.explaining import Values

_SHOWN = 240


def told(values: Values) -> Iterator[str]:
    """The lines of an explanation, section by section; empty sections are left out."""
    if values["title"]:
        yield values["title"]
    if values["not_analysed"]:
        yield f"Only strong names were read: {values['not_analysed']}."
    yield from _section("Sentences", map(_sentence, range(1, len(values["sentences"]) + 1), values["sentences"]))
    yield from _section("Names", _each(values["mentions"], _mention))
    yield from _section("Public bodies", _each(values["agencies"], _agency))
    yield from _section("Names on no register", _each(values["unknown"], _unknown))
    yield from _section("Who says what", _each(values["claims"], _claim))
    yield from _section("Hedges", (f"  {_at(each)}: {each['kind'].lower()}" for each in values["hedges"]))
    yield from _section("Figures", (f"  {_figure(each)}" for each in values["figures"]))
    yield from _section("Kinds of risk", _each(values["signals"], _signal))
    yield from _section("What it is about, of 1000", (f"  {key}: {n}" for key, n in values["salience"].items()))
    yield from _section("Cases, best first", _each(values["cases"], _case))
    yield ""
    yield "Made with " + ", ".join(f"{what} {version}" for what, version in values["versions"].items() if version) + "."


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", title, *found)


def _each(rows: Sequence[Values], line: Any) -> Iterator[str]:
    for row in rows:
        yield from line(row)


def _sentence(number: int, sentence: Values) -> str:
    return f"  {number:>3} {_short(sentence['text'])}"


def _mention(each: Values) -> Iterator[str]:
    product = f", product {each['product']}" if each["product"] else ""
    unsure = " (uncertain)" if each["state"] != "ACCEPTED" else ""
    yield f"  {_at(each)}: {each['vendor']}{product}, as {each['role'].lower()}{unsure}, {each['score']} points"
    yield from _because(each["reasons"])


def _agency(each: Values) -> Iterator[str]:
    yield f"  {_at(each)}: {AGENCIES[each['agency']].name}, as {each['role'].lower()}"
    yield from _because(each["reasons"])


def _unknown(each: Values) -> Iterator[str]:
    hint = f", perhaps of {each['hint']}" if each["hint"] else ""
    yield f"  {_at(each)}: {each['kind'].lower()}{hint}"


def _claim(each: Values) -> Iterator[str]:
    told = "denied" if each["denies"] else "said"
    yield f"  {each['kind'].lower()} in sentence {each['sentence'] + 1}, {told} by {_source(each['source'])}:"
    for span in each["content"]:
        yield f"    {_at(span)}"
    if each["cue"]:
        yield f"    told by {_at(each['cue'])}"
    if each["anonymous"]:
        yield f"    somebody without a name: {_at(each['anonymous'])}"
    for hedge in each["hedges"]:
        yield f"    hedge {_at(hedge)}: {hedge['kind'].lower()}"
    for figure in each["figures"]:
        yield f"    figure {_figure(figure)}"
    yield from _because(each["reasons"])


def _source(source: Values) -> str:
    if source["words"] is None:
        return "nobody named"
    who = source["vendor"] or source["agency"] or source["name"]
    return f"{_at(source['words'])} ({source['kind'].lower()}{f' {who}' if who else ''})"


def _figure(each: Values) -> str:
    unit = each["currency"] or each["unit"]
    qualifier = each["qualifier"].lower().replace("_", " ")
    return f"{_at(each)}: {' '.join(filter(None, (qualifier, each['value'], unit)))}"


def _signal(each: Values) -> Iterator[str]:
    whom = ", ".join(each["vendors"])
    bodies = "".join(f", with {AGENCIES[key].name}" for key in each["agencies"])
    yield f"  {each['label']}, {each['status'].lower()}, in sentence {each['sentence'] + 1}, about {whom}{bodies}"
    yield f"    by {_at(each)}, scope {each['scope'].lower()}"
    yield from _because(each["reasons"])


def _case(each: Values) -> Iterator[str]:
    yield f"  {each['score']:>3} {each['band'].lower()}: {each['case']} {each['title']}"
    yield f"    {each['sum']}"
    for part in ("text", "vendor", "signal"):
        yield f"    {part}: {_part(each['parts'][part])}"
    yield from (f"    {reason}" for reason in each["reasons"])
    if each["passage"]["text"]:
        yield f"    passage {_at(each['passage'])}"


def _part(part: Mapping[str, Any]) -> str:
    shown = {key: value for key, value in part.items() if value not in ([], {}, "")}
    return ", ".join(f"{key} {value}" for key, value in shown.items() if key != "terms")


def _because(reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        yield f"    because: {'; '.join(reason.rstrip('.') for reason in reasons)}"


def _at(span: Values) -> str:
    return f"“{_short(span['text'])}” [{span['start']}:{span['end']}]"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
