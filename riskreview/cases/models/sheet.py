"""Checklists and questionnaires of a case, filled in line by line or by a returned file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.urls import reverse

from riskreview.accounts import roles
from riskreview.accounts.models import User
from riskreview.audit.models import Entry
from riskreview.audit.recording import named, permit, recorded, recorded_factory
from riskreview.audit.refusals import HeldAlready, NotNow, Stale
from riskreview.audit.state import Stateful
from riskreview.evidence.models import Document
from riskreview.lib.datafile import Refused
from riskreview.lib.vocabulary import known

from .. import questionnaire as asking
from ..workflow import WORKABLE, Status
from .ofcase import OfCase, OfCaseQuerySet

if TYPE_CHECKING:
    from .case import Case

# What waits for its second signature stays as it is, and what was withdrawn is over.
FILLED_IN = (*WORKABLE, Status.DECIDED)
FORMS = {"csv": (asking.to_csv, asking.from_csv), "xlsx": (asking.to_xlsx, asking.from_xlsx)}
CONTENT_TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Verdict(models.TextChoices):
    """The answer in a word. `ANSWERED`: the line asks for words or a date, and `said` holds them."""

    YES = "YES", "Yes"
    PARTLY = "PARTLY", "Partly"
    NO = "NO", "No"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Does not apply"
    UNKNOWN = "UNKNOWN", "Not known"
    ANSWERED = "ANSWERED", "Answered"


# How a verdict is written in a file that goes out and comes back.
WRITTEN = {
    Verdict.YES: "yes",
    Verdict.PARTLY: "partly",
    Verdict.NO: "no",
    Verdict.UNKNOWN: "not known",
    Verdict.NOT_APPLICABLE: asking.NOT_APPLICABLE,
}
READ = {word: verdict for verdict, word in WRITTEN.items()}


class SheetQuerySet(OfCaseQuerySet):
    """Checklists and questionnaires."""

    @recorded_factory(who=roles.reviewer)
    def begin(self, *, by: User, case: Case, name: str) -> Sheet:
        """Begin a checklist of the playbook, by its key, or a shipped questionnaire, by its name and version."""
        case.lock()
        check_open(case)
        if name not in (may := begin_with(case)):
            raise NotNow(f"There is nothing called “{name[:60]}” to begin. There is: {', '.join(may) or 'none'}.")
        sheet: Sheet = self.model(case=case, key=name)
        return sheet


class Sheet(OfCase):
    """One checklist of the playbook, or one questionnaire, with its answers so far."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sheets")
    key = models.CharField(max_length=60)

    objects: ClassVar[Any] = SheetQuerySet.as_manager()
    recorded_columns = {1: ("case", "key")}
    recorded_parts = ("answers",)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="sheet_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def asked(self) -> asking.Questionnaire | None:
        """What it asks; None when the playbook that the case follows now has no such checklist."""
        return asking.asked_by(self.key, self.case.playbook.rules if self.case.playbook else None)

    @property
    def title(self) -> str:
        """What it is called."""
        asked = self.asked
        return asked.title if asked else self.key.replace("_", " ").capitalize()

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("sheet", args=[self.pk])

    @recorded(who=roles.reviewer, also=("case",), changing=True)
    def answer(
        self,
        *,
        by: User,
        item: str,
        verdict: Verdict,
        note: str = "",
        said: str = "",
        evidence: str = "",
        document: Document | None = None,
    ) -> None:
        """Answer one line, or answer it anew. `said` holds the words or the date where the line asks for such."""
        word = WRITTEN.get(Verdict(verdict), said)
        self._take(by, [asking.Answer(item, word, note.strip(), evidence.strip())], document)

    @recorded(who=roles.reviewer, also=("case",), omit=("answers",), changing=True)
    def receive(self, *, by: User, answers: Sequence[Mapping[str, str]], document: Document | None = None) -> None:
        """Take the answers to many lines at once: all of them or none. `document` is the file they came in."""
        self._take(by, [asking.Answer(**each) for each in answers], document)

    def ready_for_file(self, *, by: User, seen: int | None) -> None:
        """Refuse what `receive` would refuse, before a file is opened: the wrong person, another version than the one
        that was seen, a case whose sheets are not filled in now."""
        with named(self, "receive"):
            permit(self, by, "receive", roles.reviewer, ())
            if seen is not None and seen != self.entry_seq:
                raise Stale("This has changed since you opened it.")
            check_open(self.case)

    def take_in(
        self, *, by: User, seen: int | None, answers: Sequence[Mapping[str, str]], name: str, raw: bytes
    ) -> None:
        """Keep a returned file in the archive, and receive what it answers, in one transaction."""
        with transaction.atomic():
            given: dict[str, Any] = {"headline": f"{self.title}: {name}"[:500], "content": raw, "file_name": name}
            try:
                held = Document.objects.upload(
                    by=by, content_type=CONTENT_TYPES[form_of(name)], now=datetime.datetime.now(datetime.UTC), **given
                )
            except HeldAlready as already:
                held = Document.objects.get(pk=already.existing.pk)  # type: ignore[attr-defined]
            self.receive(by=by, seen=seen, answers=answers, document=held)

    def read(self, name: str, raw: bytes) -> asking.Returned:
        """What a returned file says; nothing is kept. Raises `Refused` for a file that is none of ours."""
        return FORMS[form_of(name)][1](self._asked(), raw)

    def answers_in(self, name: str, raw: bytes) -> tuple[list[dict[str, str]], list[str]]:
        """The answers in a returned file as `receive` takes them, and in words all that is wrong with the file."""
        try:
            found = self.read(name, raw)
        except Refused as refused:
            return [], [str(each) for each in refused.faults]
        if not found.problems and not found.answers:
            return [], ["There is no answer in it."]
        names = ("key", "answer", "comment", "evidence")
        return [{each: getattr(row, each) for each in names} for row in found.answers], list(found.problems)

    def written(self, form: str, *, by: User) -> bytes:
        """The lines with the answers so far as a file, `csv` or `xlsx`, on record as taken by this person."""
        made: bytes = FORMS[form][0](self._asked(), [each.given for each in self.answers.all()])
        Entry.objects.access(by, "sheet.export", self, form=form)
        return made

    def _asked(self) -> asking.Questionnaire:
        asked = self.asked
        if asked is None:
            raise NotNow("The playbook that the case follows now has no such checklist.")
        return asked

    def _take(self, by: User, given: Sequence[asking.Answer], document: Document | None) -> None:
        """Keep answers that differ from what stands there. Raises `NotNow` with all that cannot be taken."""
        check_open(self.case)
        lines = {each.key: each for each in self._asked().question}
        if wrong := list(faults(lines, given)):
            raise NotNow(" ".join(wrong))
        there = {each.item: each for each in self.answers.all()}
        for each in given:
            self._keep(by, lines[each.key], each, there.get(each.key), document)

    def _keep(
        self, by: User, line: asking.Question, told: asking.Answer, row: Answer | None, document: Document | None
    ) -> None:
        """Write one answer, if it says something else than before."""
        word = asking.in_form(line, told.answer)
        is_choice = line.answer in asking.CHOICES
        says = {
            "verdict": READ[word] if is_choice else Verdict.ANSWERED,
            "said": "" if is_choice else word,
            "note": told.comment,
            "evidence": told.evidence,
        } | ({"document": document} if document else {})
        if row is None:
            self.answers.create(item=line.key, answered_by=by, **says)
        elif any(getattr(row, name) != value for name, value in says.items()):
            self.answers.filter(pk=row.pk).update(**says, answered_by=by, answered_at=Now())


class Answer(Stateful):
    """What was said to one line: the verdict, or the words it asked for, with a note and what came with it."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    item = models.CharField(max_length=60)
    verdict = models.CharField(max_length=14, choices=Verdict)
    said = models.TextField(blank=True)
    note = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    recorded_columns = {1: ("item", "verdict", "said", "note", "evidence", "document", "answered_by")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="answer_once"),
            known("answer", "verdict", Verdict),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.verdict}"

    @property
    def given(self) -> asking.Answer:
        """The answer as it goes out in a file."""
        word = WRITTEN.get(Verdict(self.verdict), self.said)
        return asking.Answer(self.item, word, self.note, self.evidence)


def check_open(case: Case) -> None:
    """Raise `NotNow` for a case whose sheets are not filled in now."""
    if case.status not in FILLED_IN:
        state = case.get_status_display().lower()
        raise NotNow(f"The case is {state}: its checklists stay as they are. Send it back first, or open it again.")


def begin_with(case: Case) -> dict[str, str]:
    """The names of what may be begun in a case, with their titles: each once."""
    begun = {each.key for each in case.sheets.all()}
    lists = case.playbook.rules.checklist if case.playbook else ()
    every = {each.key: each.title for each in lists} | {key: each.title for key, each in asking.shipped().items()}
    return {key: title for key, title in every.items() if key not in begun}


def faults(lines: Mapping[str, asking.Question], given: Iterable[asking.Answer]) -> Iterable[str]:
    """What of these answers cannot be taken, line by line."""
    seen: set[str] = set()
    for each in given:
        if each.key not in lines:
            yield f"“{each.key[:40]}” is none of the lines."
        elif each.key in seen:
            yield f"{each.key} is answered twice."
        elif wrong := asking.unfit(lines[each.key], each.answer, each.comment):
            yield f"{each.key}: {wrong}"
        seen.add(each.key)


def form_of(name: str) -> str:
    """`xlsx` for a workbook, by the ending of its name; else `csv`."""
    return "xlsx" if name.lower().endswith(".xlsx") else "csv"
