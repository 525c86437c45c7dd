"""The questions, what is answered to them, and the file they are kept in."""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass
from pathlib import Path

from riskreview.lib.datafile import Fault, Refused, Table, date, key, one_of, rows_of, text, whole

FOLDER = Path(__file__).resolve().parent.parent / "playbooks" / "questionnaires"
AREAS = {
    "data_jurisdiction": "Where data lie",
    "foreign_control": "Foreign control",
    "model_security": "Security of the model",
    "model_integrity_censorship": "Integrity and censorship",
    "ip_and_distillation": "Rights of others, distillation",
    "export_control": "Export control",
    "sanctions_lists": "Sanctions and lists",
    "privacy": "Privacy",
    "supply_chain_dependency": "Supply chain",
    "resilience": "Resilience",
    "competition_market": "Market",
    "safety_harm": "Safety and harm",
    "legal_compliance": "Law",
    "transparency": "Transparency",
}
KINDS = {
    "yes_no": "yes, no or does not apply",
    "verdict": "yes, partly, no, not known or does not apply",
    "text": "in words",
    "date": "a date, as 2026-07-01",
}
NOT_APPLICABLE = "does not apply"
WRITTEN_AS = {"n/a": NOT_APPLICABLE}  # what files of before, and people in a hurry, write
YES_NO = ("yes", "no", NOT_APPLICABLE)
# Where an answer is one of a few words: these.
CHOICES = {"yes_no": YES_NO, "verdict": ("yes", "partly", "no", "not known", NOT_APPLICABLE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: its area of risk, how it is answered, and what is asked to be attached."""

    key: str
    area: str
    answer: str
    text: str
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Questions in their order. `as_of`: when they were last gone through."""

    key: str
    version: int
    title: str
    as_of: datetime.date
    note: str = ""
    question: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a supplier says to one question."""

    key: str
    answer: str
    comment: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back: the answers in the order of the questions, the keys left open, and what could not be taken."""

    answers: tuple[Answer, ...]
    open: tuple[str, ...]
    problems: tuple[str, ...]


QUESTION = Table(
    "question",
    Question,
    {"key": text, "area": one_of(AREAS), "answer": one_of(KINDS), "text": text, "evidence": text},
)
HEAD = {"key": key, "version": whole(1, 9999), "title": text, "as_of": date, "note": text}


def load(path: Path = FOLDER / "supplier-1.toml") -> Questionnaire:
    """The questionnaire of a file. Raises `Refused` with all that is wrong with it."""
    faults: list[Fault] = []
    plain = tomllib.loads(path.read_text(encoding="utf-8"))
    questions = rows_of(QUESTION, plain.get("question"), faults)
    table = Table("the head", Questionnaire, HEAD | {"question": lambda made: made})
    made = table.read({**plain, "question": questions}, "", faults)
    if len({each.key for each in questions}) != len(questions):
        faults.append(Fault("", "A key stands there twice.", "Give each question its own."))
    if faults:
        raise Refused(Fault(each.row, each.what, each.do, path.name) for each in faults)
    questionnaire: Questionnaire = made
    return questionnaire
