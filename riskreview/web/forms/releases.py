"""The forms of versions for other eyes."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.cases import releasing
from riskreview.cases.models import Decision

from .base import Form, VerbForm

LONGEST = 100  # characters of a value, where somebody chooses what to hide


class Prepare(Form):
    """A new version."""

    verb, noun, heading, button, icon = "prepare", "release", "Prepare a version for others", "Prepare", "eye-off"

    decision = forms.ModelChoiceField(queryset=Decision.objects.none(), empty_label=None)
    audience = forms.CharField(max_length=200, label="For whom")
    marking = forms.CharField(max_length=40, required=False, help_text="Stands at the head and foot of every page.")

    def prepare(self) -> None:
        """The approved decisions that have a sealed dossier, the newest first."""
        approved = self.case.decisions.filter(approved_at__isnull=False, sealed__isnull=False)
        self.fields["decision"].queryset = approved.order_by("-number")  # type: ignore[attr-defined]


class Redact(VerbForm):
    """What to hide, and why."""

    verb, heading, button, icon = "redact", "Hide something", "Hide", "eye-off"

    path = forms.ChoiceField(label="What", choices=())
    ground = forms.CharField(max_length=300, label="On what ground", help_text="Readers see it in place of the words.")

    def prepare(self) -> None:
        """Every part of the dossier that is shown, whole and value by value."""
        self.fields["path"].choices = choices(self.subject.sealed.content, self.subject.grounds())  # type: ignore[attr-defined]


class Restore(VerbForm):
    """Show it again."""

    verb, heading, button, icon = "restore", "Show again", "Show again", "eye"

    path = forms.CharField(max_length=120, widget=forms.HiddenInput)


class Issue(VerbForm):
    """Let it out."""

    verb, heading, button, icon, tone = "issue", "Issue this version", "Issue", "signature", "primary"
    explained = "Once issued it stays as it is. Read it as a whole first: what is hidden must not be said elsewhere."


def choices(content: Any, hidden: Any) -> list[Any]:
    """What may be hidden: the parts, then their values with how they begin."""
    shown = [path for path in sorted(content, key=in_order) if releasing.covering(path, hidden) is None]
    parts = dict.fromkeys(".".join(path.split(".")[:2]) for path in shown if path.count(".") > 1)
    whole = [(part, f"{words(part)}, all of it") for part in parts]
    beside = [(name, "The names of those who signed") for name in releasing.BESIDE if name not in hidden]
    filled = [path for path in shown if content[path] not in (None, "", [], False)]
    single = [(path, f"{words(path)}: {str(content[path])[:LONGEST]}") for path in filled]
    return [("", "Choose…"), ("Whole parts", whole + beside), ("Single values", single)]


def in_order(path: str) -> list[tuple[int, str]]:
    """Paths in the order people count: exhibit 2 before exhibit 10."""
    return [(int(each), "") if each.isdecimal() else (0, each) for each in path.split(".")]


def words(path: str) -> str:
    """A path as people read it: `exhibit.2.raw_sha256` is “Exhibit 2, raw sha256”."""
    kind, _, rest = path.partition(".")
    number, _, column = rest.partition(".")
    told = [f"{kind} {number}", column] if number.isdecimal() else [kind, *rest.split(".")]
    return ", ".join(part.replace("_", " ") for part in told if part).capitalize()
