"""What is said of acts on effects, conditions and what becomes of decisions."""

from __future__ import annotations

from typing import Any

from riskreview.cases.models import Action, Kept, LegalEvent
from riskreview.lib.dates import short


def label(choices: Any, value: Any) -> str:
    """The words of a stored choice in small letters, or the value itself where the vocabulary has moved on."""
    try:
        return str(choices(value).label).lower()
    except ValueError:
        return str(value)


def given(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    told = private.get("arguments")
    return told if isinstance(told, dict) else {}


def _effect(verb: str) -> Any:
    def tell(teller: Any, private: dict[str, Any]) -> str:
        told = given(private)
        return f"{verb} an effect: {label(Action, told.get('action'))} {told.get('target', '')}"

    return tell


def _condition(verb: str) -> Any:
    return lambda teller, private: f"{verb} a condition: {given(private).get('text', '')}"


def _settle(teller: Any, private: dict[str, Any]) -> str:
    return f"settled a condition: {label(Kept, given(private).get('state'))}"


def _postpone(teller: Any, private: dict[str, Any]) -> str:
    return f"asked to postpone an effect to {short(given(private).get('starts_on') or '')}"


def _publish(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    day = told.get("published_on")
    return (
        f"put on record that it was made public on {short(day)}" if day else "put on record why it is not made public"
    )


def _record(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    since, track = short(told.get("as_of") or "a day"), told.get("track", "")
    return f"put on record: {label(LegalEvent, told.get('kind'))} on {since}, {track}"


def _grant(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    return f"exempted {told.get('holder', '')} until {short(told.get('expires_on') or 'a day')}"


WORDS: dict[str, tuple[str, str, Any]] = {
    "case.draft_effect": ("gavel", "note", _effect("drafted")),
    "case.amend_effect": ("gavel", "", _effect("amended")),
    "case.drop_effect": ("x", "", "dropped an effect"),
    "case.draft_condition": ("list-checks", "note", _condition("drafted")),
    "case.amend_condition": ("list-checks", "", _condition("amended")),
    "case.drop_condition": ("x", "", "dropped a condition"),
    "case.settle_condition": ("check", "note", _settle),
    "case.postpone_effect": ("calendar", "decision", _postpone),
    "case.agree_postponement": ("gavel", "decision", "agreed that an effect begins later"),
    "case.refuse_postponement": ("x", "note", "refused to postpone an effect"),
    "case.trip": ("triangle-alert", "note", "opened the case again, because a condition is not kept any more"),
    "publication.publish": ("file-text", "decision", _publish),
    "legalstatus.record": ("scale", "decision", _record),
    "legalstatus.confirm": ("check", "decision", "confirmed what was put on record, as a second person"),
    "legalstatus.strike": ("x", "decision", "struck what was put on record"),
    "exemption.grant": ("unlink", "note", _grant),
    "exemption.revoke": ("undo-2", "", "took an exemption back"),
}
