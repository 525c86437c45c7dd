"""What is said of acts on effects, conditions and what becomes of decisions."""

from __future__ import annotations

from typing import Any

from riskreview.cases.models import Action, Kept, LegalEvent


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
    return f"postponed an effect to {given(private).get('starts_on', '')}"


def _trip(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    shown = next((told[name]["ref"] for name in ("document", "incident") if told.get(name)), "")
    seen = f" ({shown.replace(':', ' ')})" if shown else ""
    return f"opened the case again, because a condition is not kept any more{seen}"


def _publish(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    day = told.get("published_on")
    return f"put on record that it was made public on {day}" if day else "put on record why it is not made public"


def _record(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    return f"put on record: {label(LegalEvent, told.get('kind'))} on {told.get('as_of')}, {told.get('track', '')}"


def _grant(teller: Any, private: dict[str, Any]) -> str:
    told = given(private)
    return f"exempted {told.get('holder', '')} until {told.get('expires_on')}"


WORDS: dict[str, tuple[str, str, Any]] = {
    "case.draft_effect": ("gavel", "note", _effect("drafted")),
    "case.amend_effect": ("gavel", "", _effect("amended")),
    "case.drop_effect": ("x", "", "dropped an effect"),
    "case.draft_condition": ("list-checks", "note", _condition("drafted")),
    "case.amend_condition": ("list-checks", "", _condition("amended")),
    "case.drop_condition": ("x", "", "dropped a condition"),
    "case.settle_condition": ("check", "note", _settle),
    "case.postpone_effect": ("calendar", "decision", _postpone),
    "case.trip": ("triangle-alert", "note", _trip),
    "publication.publish": ("file-text", "decision", _publish),
    "legalstatus.record": ("scale", "decision", _record),
    "exemption.grant": ("unlink", "note", _grant),
    "exemption.revoke": ("undo-2", "", "took an exemption back"),
}
