"""The forms of versions for other eyes."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.cases import releasing, saying
from riskreview.cases.models import Decision, Release

from ..sealed import sayer
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
        release: Release = self.subject
        content = release.sealed.content
        say = sayer(release.case, content.values())
        self.fields["path"].choices = choices(content, release.grounds(), say)  # type: ignore[attr-defined]


class Restore(VerbForm):
    """Show it again."""

    verb, heading, button, icon = "restore", "Show again", "Show again", "eye"

    path = forms.CharField(max_length=120, widget=forms.HiddenInput)


class Issue(VerbForm):
    """Let it out."""

    verb, heading, button, icon, tone = "issue", "Issue this version", "Issue", "signature", "primary"
    explained = "Once issued it stays as it is. Read it as a whole first: what is hidden must not be said elsewhere."


def choices(content: Any, hidden: Any, say: saying.Sayer) -> list[Any]:
    """What may be hidden: the parts, then their values with how they begin, as a person names them."""
    shown = [path for path in sorted(content, key=saying.in_order) if releasing.covering(path, hidden) is None]
    parts = dict.fromkeys(part for path in shown if (part := part_of(path)))
    whole = [(part, f"{say.part(part)}, all of it") for part in parts]
    beside = [(name, say.part(name)) for name in releasing.BESIDE if name not in hidden]
    told = ((path, say.at(path, content[path])) for path in shown if content[path] is not False)
    single = [(path, f"{say.path(path)}: {words[:LONGEST]}") for path, words in told if words]
    return [("", "Choose…"), ("Whole parts", whole + beside), ("Single values", single)]


def part_of(path: str) -> str:
    """The part that a value belongs to and that can be hidden as a whole; empty for what stands alone."""
    at = saying.split(path)
    return f"{at.kind}.{at.number}" if at.number else ""
