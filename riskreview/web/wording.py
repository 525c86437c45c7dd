"""Audit entries as sentences: who did what, with the reason they gave."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry
from riskreview.cases.models import Credibility, Priority, RiskArea, Stance
from riskreview.cases.models.decision import words_of
from riskreview.evidence.models import Reliability
from riskreview.incidents.models import Incident, Involvement
from riskreview.lib.dates import short
from riskreview.vendors.models import Alias, Relation

from . import (
    wording_clocks,
    wording_effects,
    wording_evidence,
    wording_hearing,
    wording_procedure,
    wording_record,
    wording_together,
)

# By which way an act came in, where it was no page. “shell”: a program that runs on the server, started by hand.
VIA = {
    "api": "through the API",
    "command": "by a command on the server",
    "task": "in the background",
    "shell": "by a program on the server",
}
PART = re.compile(r"(exhibit|finding|decision):\d+\.number\Z")
LETTER = {"exhibit": "E", "finding": "F", "decision": "version "}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, told."""

    entry: Entry
    who: User
    what: str
    note: str
    icon: str
    tone: str
    via: str
    label: str
    chip: str


class Teller:
    """Tells entries; knows the names of the people they refer to."""

    def __init__(self, entries: list[Entry]) -> None:
        refs = {
            ref for entry in entries for ref in references(entry.private.get("arguments")) if ref.startswith("user:")
        }
        people = User.objects.filter(pk__in=[ref.removeprefix("user:") for ref in refs]) if refs else []
        self.actor: uuid.UUID | None = None
        self.names = {f"user:{person.pk}": person.name for person in people}

    def line(self, entry: Entry) -> Line:
        """One entry as a line of a timeline."""
        private, public = entry.private, entry.public
        self.actor = entry.actor_id
        act = entry.verb.partition(".")[2].replace("_", " ")
        icon, tone, template = WORDS.get(entry.verb, ("file-text", "", act))
        what = self.told(template, private, act)
        if entry.kind == Entry.Kind.REFUSAL:
            icon, tone, what = "circle-alert", "refused", f"was refused: {act}"
        elif entry.kind == Entry.Kind.ACCESS:
            icon, tone = "download", "system"
        return Line(
            entry=entry,
            who=entry.actor,
            what=what,
            note=private.get("reason") or ("" if entry.verb.startswith("comment.") else note(private)),
            icon=icon,
            tone="system" if entry.actor.is_system and not tone else tone,
            via=VIA.get(public["via"], ""),
            label=private.get("label") or public["subject"]["label"] or "",
            chip=base64.b64decode(public["body"]).hex()[:8],
        )

    def told(self, template: str | Callable[[Teller, dict[str, Any]], str], private: dict[str, Any], act: str) -> str:
        """What was done; only the verb where it takes the words of a body that was erased."""
        if not callable(template):
            return template
        return template(self, private) if private else f"acted: {act}"


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Entries as lines. Give them with actor and body selected."""
    entries = list(entries)
    teller = Teller(entries)
    return [teller.line(entry) for entry in entries]


def references(value: Any) -> list[str]:
    """Every `{"ref": …}` inside a plain value."""
    if isinstance(value, dict):
        own = [value["ref"]] if isinstance(value.get("ref"), str) else []
        return own + [ref for inner in value.values() for ref in references(inner)]
    return [ref for inner in value for ref in references(inner)] if isinstance(value, list) else []


def note(private: dict[str, Any]) -> str:
    """The words somebody wrote with the act, where they are short enough to quote."""
    given = private.get("arguments", {})
    for name in ("rationale", "statement", "text", "judgment", "note", "question", "basis"):
        if isinstance(given.get(name), str) and given[name].strip():
            return str(given[name])
    return ""


def arguments(private: dict[str, Any]) -> dict[str, Any]:
    """What was said with the act; empty once the body was erased."""
    given = private.get("arguments")
    return given if isinstance(given, dict) else {}


def made(private: dict[str, Any]) -> str:
    """The number of the part the act made: E3, F1, version 2."""
    for name, (_, new) in private.get("changes", {}).items():
        found = PART.match(name)
        if found and new:
            return f"{LETTER[found[1]]}{new}"
    return ""


def choice(choices: Any, value: Any) -> str:
    """The words of a stored choice, or the value itself where the vocabulary has moved on."""
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value)


def _assign(teller: Teller, private: dict[str, Any]) -> str:
    to = arguments(private).get("to", {}).get("ref", "")
    return (
        "took the case" if to == f"user:{teller.actor}" else f"assigned the case to {teller.names.get(to, 'somebody')}"
    )


def _reschedule(teller: Teller, private: dict[str, Any]) -> str:
    due = arguments(private).get("due_at")
    priority = choice(Priority, arguments(private).get("priority")).lower()
    return f"set the priority to {priority} and the due time to {short(due) if due else 'none'}"


def _add_exhibit(teller: Teller, private: dict[str, Any]) -> str:
    given = arguments(private)
    stance = choice(Stance, given.get("stance", Stance.CONTEXT)).lower()
    worth = choice(Credibility, given.get("credibility", Credibility.UNKNOWN)).lower()
    return f"added exhibit {made(private)} ({stance}; {worth})"


def _add_finding(teller: Teller, private: dict[str, Any]) -> str:
    return f"wrote finding {made(private)} on {choice(RiskArea, arguments(private).get('risk_area')).lower()}"


def _hold(teller: Teller, private: dict[str, Any]) -> str:
    until = arguments(private).get("until")
    return f"put the case on hold until {short(until)}" if until else "put the case on hold"


def _submit(teller: Teller, private: dict[str, Any]) -> str:
    return f"submitted for approval: {words_of(str(arguments(private).get('disposition', ''))).lower()}"


def _approve(teller: Teller, private: dict[str, Any]) -> str:
    of = (arguments(private).get("on_behalf_of") or {}).get("ref", "")
    stood_in = f", in the place of {teller.names.get(of, 'somebody')}" if of else ""
    is_last = private.get("changes", {}).get("status", [None, None])[1] == "DECIDED"
    return f"approved the recommendation{stood_in}: " + ("it is the decision now" if is_last else "it waits for more")


def _delegate(teller: Teller, private: dict[str, Any]) -> str:
    told = arguments(private)
    to = teller.names.get((told.get("to") or {}).get("ref", ""), "somebody")
    first, last = (short(str(told.get(name) or "an unknown day")) for name in ("starts_on", "ends_on"))
    return f"let {to} sign in their place from {first} to {last}"


def _revise(teller: Teller, private: dict[str, Any]) -> str:
    return f"revised the recommendation: {words_of(str(arguments(private).get('disposition', ''))).lower()}"


def _grade(teller: Teller, private: dict[str, Any]) -> str:
    grade = arguments(private).get("reliability")
    return f"graded the source {grade} ({choice(Reliability, grade).lower()})"


def _alias(teller: Teller, private: dict[str, Any]) -> str:
    given = arguments(private)
    return f"added the name {given.get('text', '')} ({choice(Alias.Kind, given.get('kind')).lower()})"


def _judge_name(teller: Teller, private: dict[str, Any]) -> str:
    words = {"SAME": "is a vendor’s", "DIFFERENT": "is not a vendor’s", "UNSURE": "may be a vendor’s"}
    given = arguments(private)
    return f"said that the name {given.get('spelling', '')} {words.get(given.get('verdict', ''), '')}"


def _judge_pair(teller: Teller, private: dict[str, Any]) -> str:
    words = {"SAME": "are one", "DIFFERENT": "are two", "UNSURE": "may be one"}
    return f"said that two vendors {words.get(arguments(private).get('verdict', ''), '')}"


def _relate(teller: Teller, private: dict[str, Any]) -> str:
    return f"stated a relation: {choice(Relation.Kind, arguments(private).get('kind')).lower()}"


def _settle(teller: Teller, private: dict[str, Any]) -> str:
    holds = "still" if arguments(private).get("still_holds") else "no longer"
    return f"settled a change at a source: what rests on it {holds} holds"


def _involve(teller: Teller, private: dict[str, Any]) -> str:
    given = arguments(private)
    alleged = " (alleged)" if given.get("alleged", True) else ""
    return f"named somebody involved as {choice(Involvement.Role, given.get('role')).lower()}{alleged}"


def _reassess(teller: Teller, private: dict[str, Any]) -> str:
    return f"set how far it got to {choice(Incident.Standing, arguments(private).get('standing')).lower()}"


def _role(word: str) -> Callable[[Teller, dict[str, Any]], str]:
    return lambda teller, private: f"{word} the role {choice(Role, arguments(private).get('role')).lower()}"


def _begin_log(teller: Teller, private: dict[str, Any]) -> str:
    return f"began the log {arguments(private).get('origin', '')}"


def _place_hold(teller: Teller, private: dict[str, Any]) -> str:
    given = arguments(private)
    return f"placed a legal hold on {given.get('subject_type')}:{given.get('subject_id')}"


def _erase(teller: Teller, private: dict[str, Any]) -> str:
    given = arguments(private)
    what = "where {} came from" if given.get("what") == "trace" else "what {} said"
    return f"erased {what.format(_so_many(given))}"


def _prune(teller: Teller, private: dict[str, Any]) -> str:
    return f"dropped what retention does not keep of {_so_many(arguments(private))}"


def _so_many(given: dict[str, Any]) -> str:
    number = len(given.get("entries") or [])
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


WORDS: dict[str, tuple[str, str, str | Callable[[Teller, dict[str, Any]], str]]] = {
    "case.open": ("plus", "note", "opened the case"),
    "case.assign": ("user-plus", "", _assign),
    "case.reschedule": ("calendar", "", _reschedule),
    "case.add_exhibit": ("link", "note", _add_exhibit),
    "case.add_finding": ("scale", "note", _add_finding),
    **wording_evidence.WORDS,
    **wording_record.WORDS,
    "case.search_again": ("search", "", "had the archive searched again"),
    "case.hold": ("pause", "", _hold),
    "case.resume": ("rotate-cw", "", "resumed the case"),
    "case.submit": ("signature", "decision", _submit),
    "case.revise": ("signature", "decision", _revise),
    "case.approve": ("gavel", "decision", _approve),
    "case.dissent": ("undo-2", "decision", "signed a dissent to the recommendation"),
    "delegation.delegate": ("user", "", _delegate),
    "delegation.end": ("user", "", "let nobody sign in their place any more"),
    "case.send_back": ("undo-2", "decision", "sent the recommendation back"),
    "case.withdraw": ("x", "", "withdrew the case"),
    **wording_clocks.WORDS,
    **wording_effects.WORDS,
    **wording_hearing.WORDS,
    **wording_procedure.WORDS,
    "case.reopen": ("rotate-cw", "note", "opened the case again"),
    **wording_together.WORDS,
    "suggestion.accept": ("check", "note", "accepted a suggestion"),
    "suggestion.dismiss": ("x", "", "dismissed a suggestion"),
    "suggestion.restore": ("undo-2", "", "restored a suggestion"),
    "suggestion.refer": ("arrow-right", "note", "took a suggestion to another case"),
    "suggestion.snooze": ("clock", "", "put a suggestion off"),
    "suggestion.wake": ("undo-2", "", "called a suggestion back"),
    "matchweights.adopt": ("scale", "note", "put fitted weights in force"),
    "matchweights.abandon": ("undo-2", "note", "took fitted weights out of force"),
    "vendor.register": ("building-2", "note", "put the vendor on the register"),
    "vendor.rename": ("tag", "", lambda teller, private: f"renamed it {arguments(private).get('canonical_name', '')}"),
    "vendor.describe": ("file-text", "", "described the vendor"),
    "vendor.add_alias": ("tag", "", _alias),
    "vendor.amend_alias": ("tag", "", "changed on what terms a name is matched"),
    "vendor.retire_alias": ("tag", "", "retired a name"),
    "vendor.merge_into": ("git-merge", "note", "merged it into another vendor"),
    "vendor.unmerge": ("undo-2", "", "took the merge into another vendor back"),
    "originjudgement.split": ("unlink", "note", "said that a document is no copy"),
    "originjudgement.join": ("git-merge", "note", "said that two documents rest on one text"),
    "originjudgement.undo": ("undo-2", "", "took a judgement on an origin back"),
    "judgement.judge": ("check", "", "said whether something was read rightly"),
    "judgement.withdraw": ("undo-2", "", "took back what was said of a reading"),
    "namejudgement.judge": ("tag", "", _judge_name),
    "namejudgement.register": ("building-2", "note", "put the vendor of a name on the register"),
    "namejudgement.undo": ("undo-2", "", "took a judgement on a name back"),
    "duplicatejudgement.judge": ("git-merge", "", _judge_pair),
    "duplicatejudgement.undo": ("undo-2", "", "took a judgement on two vendors back"),
    "vendor.add_product": (
        "cpu",
        "",
        lambda teller, private: f"added the product {arguments(private).get('name', '')}",
    ),
    "vendor.relate": ("git-merge", "", _relate),
    "incident.report": ("triangle-alert", "note", "put the incident on record"),
    "incident.involve": ("users", "", _involve),
    "incident.cite": ("quote", "note", "cited a passage"),
    "incident.reassess": ("scale", "", _reassess),
    "source.register": ("rss", "note", "put the source on the register"),
    "source.grade": ("badge-check", "", _grade),
    "source.amend": ("settings", "", "changed how the source is asked"),
    "source.pause": ("pause", "", "paused the source"),
    "source.unpause": ("rotate-cw", "", "resumed the source"),
    "source.collect_now": ("rotate-cw", "", "asked for a visit now"),
    "visit.set_aside": ("circle-check", "", "left an answer as it is that was given up"),
    "visit.retry": ("rotate-cw", "", "had an answer read again that was given up"),
    "ledger.export_sources": ("download", "", "took out the source register"),
    "flag.settle": ("check", "note", _settle),
    "document.bring": ("link", "note", "brought in an address"),
    "document.upload": ("paperclip", "note", "brought in a document"),
    "document.push": ("paperclip", "note", "sent a document in from another system"),
    "document.recapture": ("history", "", "sent in a newer text of the document"),
    "document.set_aside": ("circle-check", "", "left a document as it is that was given up"),
    "document.retry": ("rotate-cw", "", "had a document worked on again that was given up"),
    "document.download": ("download", "", "downloaded the exact bytes of a capture"),
    "user.invite": ("user-plus", "note", "let a person in"),
    "user.grant": ("users", "", _role("gave")),
    "user.join": ("users", "", "said that two accounts are of one person"),
    "user.revoke": ("users", "", _role("took away")),
    "user.dismiss": ("x", "", "shut a person out"),
    "user.change_password": ("lock", "", "chose another password"),
    "user.erase": ("eye-off", "", "erased a person's name and address"),
    "apitoken.issue": ("lock", "note", "issued an API token"),
    "apitoken.revoke": ("x", "", "revoked an API token"),
    "apitoken.forget": ("eye-off", "", "erased what an API token was called"),
    "case.export": ("download", "", "exported the case"),
    "case.export_evidence": ("download", "", "took out the evidence as a web archive"),
    "ledger.export": ("download", "", "exported the record"),
    "ledger.begin_log": ("archive", "", _begin_log),
    "ledger.rotate_key": ("lock", "", "announced another key of the log"),
    "ledger.propose_epoch": ("triangle-alert", "", "asked a second person to let the record go on in a new log"),
    "ledger.begin_epoch": ("triangle-alert", "", "let the record go on in a new log"),
    "ledger.place_hold": ("lock", "", _place_hold),
    "ledger.lift_hold": ("unlink", "", "lifted a legal hold"),
    "ledger.erase": ("eye-off", "", _erase),
    "ledger.prune": ("history", "system", _prune),
}
