"""The forms of sources: what is asked of them depends on their kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotNow
from riskreview.evidence import kinds
from riskreview.evidence.kinds import About
from riskreview.evidence.models import Reliability, Retention, Source
from riskreview.evidence.models.source import LONGEST_MINUTES, SHORTEST_MINUTES

from ..people import holding
from .base import Form, VerbForm, words

LANGUAGE = "Language tag, such as zh or en."
SETTING = "config-"
LETTERS = [(value, f"{value}: {label}") for value, label in Reliability.choices]


class AskedFields(forms.Form):
    """What every source has, and what only its kind asks: the address, settings, the name of a credential."""

    name = forms.CharField(max_length=120)
    url = forms.CharField(label="Address", max_length=2_000, required=False)
    credential = forms.CharField(
        max_length=60, required=False, help_text="The name the operator gave it. Never the secret itself."
    )
    source_class = forms.ChoiceField(choices=Source.Class, label="Who speaks there", initial=Source.Class.UNCERTAIN)
    language = forms.CharField(required=False, max_length=8, help_text=LANGUAGE)
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Who sees to it when it fails.",
    )
    interval_minutes = forms.IntegerField(
        min_value=SHORTEST_MINUTES, max_value=LONGEST_MINUTES, initial=60, label="Visit every … minutes"
    )

    def fit(self, about: About) -> None:
        """Ask what this kind needs, and nothing that it has no use for."""
        self.fields["owner"].queryset = holding(Role.REVIEWER, Role.LEAD)  # type: ignore[attr-defined]
        for setting in about.settings:
            self.fields[SETTING + setting.name] = forms.CharField(
                label=setting.label, help_text=setting.hint, required=setting.required, max_length=2_000
            )
        self.fields["url"].required = not about.address
        if about.road == "FOLDER":
            self.fields["url"].label, self.fields["url"].help_text = "Folder", "Such as folder:newsletters."
        if about.secret:
            self.fields["credential"].required = about.secret == "REQUIRED"  # noqa: S105 - whether one is needed
        else:
            del self.fields["credential"]
        self.order_fields(["kind", "seen", "name", "url", *self.settings(), "credential"])

    def settings(self) -> list[str]:
        """The names of the fields that only this kind has."""
        return [name for name in self.fields if name.startswith(SETTING)]

    def asked(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """What the source is asked, as the kind's settings; empty ones are left out."""
        return {name.removeprefix(SETTING): cleaned[name] for name in self.settings() if cleaned.get(name)}

    def check(self, kind: str, cleaned: dict[str, Any]) -> None:
        """Put what the kind refuses beside its field."""
        questions: dict[str | None, Callable[[], Any]] = {
            "url": lambda: kinds.addressed(kind, cleaned["url"]),
            "credential": lambda: kinds.credited(kind, cleaned["credential"]),
            None: lambda: kinds.configured(kind, self.asked(cleaned)),
        }
        for name, ask in questions.items():
            if name in cleaned or (name is None and not self.errors.keys() & {*self.settings()}):
                try:
                    ask()
                except NotNow as error:
                    self.add_error(name, str(error))

    def said(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a verb: settings in one mapping."""
        plain = {name: value for name, value in cleaned.items() if not name.startswith(SETTING)}
        return plain | {"config": self.asked(cleaned)}


class RegisterSource(AskedFields, Form):
    """A source for the register."""

    verb, noun, heading, button = "register", "source", "Register a source", "Register"

    kind = forms.ChoiceField(choices=kinds.choices, widget=forms.HiddenInput)
    reliability = forms.ChoiceField(
        choices=LETTERS, initial=Reliability.F, help_text="F until somebody has judged it. Its history is kept."
    )

    def prepare(self) -> None:
        """Ask what the chosen kind needs."""
        kind = self.data.get("kind") if self.is_bound else self.initial.get("kind", "")
        known = {about.key: about for about in kinds.every()}
        self.about_kind = known.get(str(kind)) or About(str(kind), "", "")
        self.fit(self.about_kind)
        self.initial.setdefault("url", self.about_kind.address)
        self.initial.setdefault("owner", self.user.pk)

    def clean(self) -> dict[str, Any]:
        """The kind takes it."""
        cleaned = super().clean() or self.cleaned_data
        if "kind" in cleaned:
            self.check(cleaned["kind"], cleaned)
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The verb wants the settings in one mapping, or none."""
        said = self.said(self.cleaned_data)
        return said | {"config": said["config"] or None}


class TrySource(RegisterSource):
    """The same form, asked for a dry run: only what the request is made of must be there."""

    REQUEST = ("kind", "url", "credential")

    def prepare(self) -> None:
        """A source that is only tried needs no name yet."""
        super().prepare()
        for name in self.fields.keys() - {*self.REQUEST, *self.settings()}:
            self.fields[name].required = False

    def asking(self) -> dict[str, Any]:
        """What a dry run is asked with."""
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "url": given["url"],
            "config": self.asked(given),
            "credential": given.get("credential", ""),
        }


class Amend(AskedFields, VerbForm):
    """How it is asked, how often, and who looks after it."""

    verb, heading, button, icon = "amend", "Amend", "Save", "settings"
    explained = "A changed address or question starts afresh: nothing of the old cursor is kept."

    heed_robots = forms.BooleanField(required=False, label="Heed the site's robots.txt")
    retention = forms.ChoiceField(choices=Retention, label="What is kept of its texts")
    reason = forms.CharField(
        widget=words(2), required=False, max_length=2_000, help_text="Needed when robots.txt is not heeded."
    )

    def prepare(self) -> None:
        """Start from what is set. A kind this installation reads no more keeps what it was asked."""
        known = {about.key: about for about in kinds.every()}
        kind = known.get(self.subject.kind) or About(self.subject.kind, "", "")
        self.fit(kind)
        people = holding(Role.REVIEWER, Role.LEAD) | User.objects.filter(pk=self.subject.owner_id)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        if not kind.robots or kind.road == "FOLDER":
            del self.fields["heed_robots"]
        columns = self.fields.keys() & {field.name for field in Source._meta.fields}
        held = {name: getattr(self.subject, name) for name in columns} | {"owner": self.subject.owner_id}
        asked = {SETTING + name: value for name, value in self.subject.config.items()}
        self.initial = {**held, **asked, **self.initial}

    def clean(self) -> dict[str, Any]:
        """The kind takes it, and robots.txt is disregarded for a reason."""
        cleaned = super().clean() or self.cleaned_data
        self.check(self.subject.kind, cleaned)
        heeded = cleaned.get("heed_robots", True)
        if not heeded and not cleaned.get("reason", "").strip():
            self.add_error("reason", "Say why this site's robots.txt need not be heeded.")
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The verb wants the settings in one mapping."""
        return self.said(self.cleaned_data)


class Grade(VerbForm):
    """How reliable the source is."""

    verb, heading, button, icon = "grade", "Grade", "Grade", "badge-check"

    reliability = forms.ChoiceField(choices=LETTERS)
    reason = forms.CharField(widget=words(2), max_length=2_000)

    def prepare(self) -> None:
        """Start from what is set."""
        self.initial.setdefault("reliability", self.subject.reliability)


class Pause(VerbForm):
    """No visits for now."""

    verb, heading, button, icon = "pause", "Pause", "Pause", "pause"

    reason = forms.CharField(widget=words(2), max_length=2_000)


class Unpause(VerbForm):
    """Visits again."""

    verb, heading, button, icon = "unpause", "Visit again", "Visit again", "rotate-cw"


class CollectNow(VerbForm):
    """A visit at the next sweep."""

    verb, heading, button, icon = "collect_now", "Fetch now", "Fetch now", "rotate-cw"


class BringOpml(forms.Form):
    """A list of feeds from another program."""

    file = forms.FileField(label="OPML file", help_text="At most 1 MB and 2,000 sources. Nothing is registered yet.")


FORMS: dict[str, type[VerbForm]] = {form.verb: form for form in (CollectNow, Amend, Grade, Pause, Unpause)}


def offered(source: Source, verbs: Iterable[str]) -> list[str]:
    """Which of the verbs make sense for the source as it stands."""
    visited = source.enabled and source.ended_at is None
    senseless = {"unpause"} if visited else {"collect_now"} | ({"pause"} if not source.enabled else set())
    return [verb for verb in verbs if verb not in senseless]
