"""Asking and hearing in the audit trail, as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from riskreview.audit.models import Entry
from riskreview.cases.models import Consultation
from riskreview.lib.datafile import words
from riskreview.lib.dates import short

SAID = {
    "concur": "concurred with",
    "concur_with_comment": "concurred, with a comment, with",
    "object": "objected to",
    "no_position": "took no position on",
    "comment": "commented on",
    "no_comment": "had no comment on",
    "acknowledged": "acknowledged",
}
FIRST = {
    "concur": "They concurred",
    "concur_with_comment": "They concurred, with a comment,",
    "object": "They objected",
    "no_position": "They took no position",
    "comment": "They commented",
    "no_comment": "They had no comment",
    "acknowledged": "They acknowledged it",
}
WEIGHED = {"COMMENT": " (below the rank that counts: kept as a comment)", "LATE_OBJECTION": " (too late)"}


def given(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    told = private.get("arguments")
    return told if isinstance(told, dict) else {}


def new(private: dict[str, Any], column: str) -> Any:
    """What a column says since the act; None where the act left it."""
    changes = private.get("changes") or {}
    return (changes.get(column) or (None, None))[1]


def _send(teller: Any, private: dict[str, Any]) -> str:
    about = new(private, "key")
    return f"asked {given(private).get('consultee', 'a body')}" + (f": {words(about).lower()}" if about else "")


def _answer(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    answer = SAID.get(told.get("response", ""), "answered")
    by = f" by {told['responder']}" if told.get("responder") else ""
    return f"recorded an answer{by}: they {answer} what was asked{WEIGHED.get(new(private, 'weight') or '', '')}"


def _receive(teller: Any, private: dict[str, Any]) -> str:
    number, late = new(private, "number"), " (after its time)" if new(private, "is_late") else ""
    return f"received submission S{number or ''} of a party{late}"


def _note_silence(teller: Any, private: dict[str, Any]) -> str:
    return "recorded that a party did not reply" if given(private).get("sought") else "chose not to seek a reply"


def _consider(teller: Any, private: dict[str, Any]) -> str:
    changed = "it changed the outcome" if given(private).get("changed_outcome") else "it did not change the outcome"
    return f"wrote how a submission was considered: {changed}"


def _unseal(teller: Any, private: dict[str, Any]) -> str:
    cause = given(private).get("cause", "something of the case")
    return f"voided what waited for approval, because this changed: {cause}"


def earlier_answers(rows: Iterable[Consultation]) -> dict[str, list[str]]:
    """The answers that a later one took the place of, in sentences, by the id of the consultation. The row holds the
    newest alone; the record holds them all."""
    ids = [str(row.pk) for row in rows if row.answered_at and row.entry_seq > 2]
    acts = Entry.objects.filter(subject_type="consultation", subject_id__in=ids, verb="consultation.answer")
    found: dict[str, list[str]] = {}
    for entry in acts.filter(kind=Entry.Kind.ACT).select_related("body").order_by("pk") if ids else ():
        found.setdefault(entry.subject_id, []).append(_replaced(entry.private))
    return {pk: told[:-1] for pk, told in found.items()}


def _replaced(private: dict[str, Any]) -> str:
    told = given(private)
    if not told:
        return "An earlier answer, whose words were erased, was replaced by the one above."
    by = f", signed by {told['responder']}" if told.get("responder") else ""
    at = f" on {short(told['answered_at'])}" if told.get("answered_at") else ""
    said = FIRST.get(told.get("response", ""), "They answered")
    fate = "That objection was withdrawn" if told.get("response") == "object" else "That answer was replaced"
    return f"{said}{at}{by}{WEIGHED.get(new(private, 'weight') or '', '')}. {fate} by the answer above."


WORDS: dict[str, tuple[str, str, Any]] = {
    "case.unseal": ("undo-2", "", _unseal),
    "consultation.send": ("landmark", "note", _send),
    "consultation.answer": ("message-square", "note", _answer),
    "consultation.presume_concurrence": ("circle-check", "decision", "took silence for consent"),
    "consultation.lapse": ("clock", "system", "waits for this answer no longer: its time ran out"),
    "consultation.mark_undeliverable": ("x", "", "recorded that a request did not arrive"),
    "submission.receive": ("inbox", "note", _receive),
    "submission.note_silence": ("circle-dashed", "", _note_silence),
    "submission.consider": ("scale", "note", _consider),
}
