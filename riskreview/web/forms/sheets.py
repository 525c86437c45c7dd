"""The forms of checklists and questionnaires: begin one, answer a line or many, take a returned file in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from riskreview.cases import questionnaire as asking
from riskreview.cases.models import Answer, Verdict
from riskreview.cases.models.sheet import READ, WRITTEN, begin_with

from .base import Form, VerbForm, words
from .picking import DocumentField

LONGEST = 4_000


def choices(line: asking.Question) -> list[tuple[str, str]]:
    """The answers that a line takes, where it takes one of a few."""
    return [("", "Open"), *((word, READ[word].label) for word in asking.CHOICES[line.answer])]


class Begin(Form):
    """One more checklist or questionnaire."""

    verb, noun, heading, button, icon = "begin", "sheet", "Begin a checklist", "Begin", "list-checks"

    name = forms.ChoiceField(label="Which")

    def prepare(self) -> None:
        """What is not begun yet."""
        self.offered = list(begin_with(self.case).items())
        self.fields["name"].choices = self.offered  # type: ignore[attr-defined]

    @property
    def is_of_use(self) -> bool:
        """Whether anything is left to begin."""
        return bool(self.offered)


class AnswerLine(VerbForm):
    """One line, with a document."""

    verb, noun, heading, button, icon = "answer", "sheet", "Answer with a document", "Save the answer", "check"

    item = forms.CharField(widget=forms.HiddenInput, max_length=60)
    verdict = forms.ChoiceField(choices=Verdict, label="Answer")
    said = forms.CharField(
        widget=words(), required=False, max_length=10_000, label="In words", help_text="Or a date, where one is asked."
    )
    note = forms.CharField(widget=words(2), required=False, max_length=LONGEST)
    evidence = forms.CharField(required=False, max_length=LONGEST, help_text="What came with it, as it is called.")
    document = DocumentField(label="Document")

    def prepare(self) -> None:
        """Start from what stands there."""
        row = self.subject.answers.filter(item=self.initial.get("item", "")).first()
        for name in ("verdict", "said", "note", "evidence") if row else ():
            self.initial.setdefault(name, getattr(row, name))
        self.initial.setdefault("document", row.document_id if row and row.document_id else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line on the page: what is asked, the boxes for it, and what stands there."""

    line: asking.Question
    answer: BoundField
    note: BoundField
    row: Answer | None

    @property
    def area(self) -> str:
        """The group it stands in."""
        return asking.AREAS.get(self.line.area, self.line.area)


class Lines(VerbForm):
    """Every line in one form. Only what says something else than before is sent on."""

    verb, noun, heading, button, icon = "receive", "sheet", "All lines", "Save all lines", "check"
    says_optional = False  # any line may stay open: that goes without saying at each of them

    def prepare(self) -> None:
        """Two boxes for each line: the answer, and a note."""
        self.there = {each.item: each for each in self.subject.answers.select_related("document", "answered_by")}
        asked = self.subject.asked
        self.lines = asked.question if asked else ()
        for line in self.lines:
            self.fields[f"answer-{line.key}"], self.fields[f"note-{line.key}"] = answer_box(line), note_box(line)
            if row := self.there.get(line.key):
                self.initial[f"answer-{line.key}"] = WRITTEN.get(Verdict(row.verdict), row.said)
                self.initial[f"note-{line.key}"] = row.note

    def rows(self) -> Iterator[Row]:
        """The lines in their order."""
        for line in self.lines:
            boxes = self[f"answer-{line.key}"], self[f"note-{line.key}"]
            yield Row(line, *boxes, self.there.get(line.key))

    def clean(self) -> dict[str, Any]:
        """Every line that says something new, checked as a returned file is."""
        cleaned = super().clean() or self.cleaned_data
        self.answers = []
        for line in self.lines:
            told = cleaned.get(f"answer-{line.key}", "").strip(), cleaned.get(f"note-{line.key}", "").strip()
            if any(told) and told != self.before(line):
                if wrong := asking.unfit(line, *told):
                    self.add_error(f"answer-{line.key}", wrong)
                self.answers.append(self.given(line, *told))
        return cleaned

    def before(self, line: asking.Question) -> tuple[str, str]:
        """What stood there."""
        return self.initial.get(f"answer-{line.key}", ""), self.initial.get(f"note-{line.key}", "")

    def given(self, line: asking.Question, answer: str, note: str) -> dict[str, str]:
        """An answer as the verb takes it; what came with it before stays."""
        row = self.there.get(line.key)
        return {"key": line.key, "answer": answer, "comment": note, "evidence": row.evidence if row else ""}

    def arguments(self) -> dict[str, Any]:
        """The lines that are new."""
        return {"seen": self.cleaned_data["seen"], "answers": self.answers}


def answer_box(line: asking.Question) -> forms.Field:
    """The box for an answer: one of a few, a date, or words."""
    label = f"{line.key}: answer"
    if line.answer in asking.CHOICES:
        return forms.ChoiceField(choices=choices(line), required=False, label=label)
    told = {"placeholder": asking.KINDS[line.answer]}
    if line.answer == "date":
        return forms.CharField(required=False, max_length=10, label=label, widget=forms.TextInput(attrs=told))
    return forms.CharField(required=False, max_length=10_000, label=label, widget=words(2))


def note_box(line: asking.Question) -> forms.Field:
    """The box for a note."""
    return forms.CharField(required=False, max_length=LONGEST, label=f"{line.key}: note")


class Returned(VerbForm):
    """A file that came back."""

    verb, noun, heading, button, icon = "receive", "sheet", "Take a returned file in", "Take it in", "paperclip"
    explained = "The file is kept in the archive. If one line cannot be taken, nothing of it is kept."

    file = forms.FileField(help_text="The CSV or the workbook that went out, with the answers.", max_length=200)

    def clean_file(self) -> Any:
        """The answers in the file. It is opened for somebody alone who may take it in, and saw the sheet as it is.
        Raises a refusal, or `ValidationError` with all that is wrong with the file, line by line."""
        sent = self.cleaned_data["file"]
        if sent.size > asking.MOST_BYTES:
            raise ValidationError("A returned file has at most 5 MB. Send the answers alone.")
        if "seen" not in self.cleaned_data:
            return sent
        self.subject.ready_for_file(by=self.user, seen=self.cleaned_data["seen"])
        self.raw = sent.read()
        self.answers, problems = self.subject.answers_in(sent.name, self.raw)
        if problems:
            raise ValidationError(problems)
        return sent

    def arguments(self) -> dict[str, Any]:
        """The answers, and the file they came in."""
        given = {"seen": self.cleaned_data["seen"], "answers": self.answers}
        return given | {"name": self.cleaned_data["file"].name, "raw": self.raw}
