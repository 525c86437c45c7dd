"""The forms of working together: tasks, comments, links, teams, and where a case is filed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from riskreview.accounts.models import Team, User
from riskreview.accounts.roles import Role
from riskreview.cases.models import Case, Link
from riskreview.cases.models.filed import LABEL_LONGEST, LABELS_MOST

from ..people import holding
from .base import Form, VerbForm, date, words

COLLEAGUES = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)
PART = "A part of the case, such as E3 or F2."
MENTIONING = "Write @ and a name, or @ and an e-mail address, to have somebody find it among their mentions."


class LabelsField(forms.CharField):
    """Labels with commas between them."""

    def clean(self, value: Any) -> Any:
        """The labels as a list, without empty ones."""
        return [label.strip() for label in super().clean(value).split(",") if label.strip()]


class Relabel(VerbForm):
    """What the case is filed under."""

    verb, heading, button, icon = "relabel", "Labels", "Save the labels", "tag"

    labels = LabelsField(
        required=False,
        max_length=LABELS_MOST * (LABEL_LONGEST + 2),
        help_text="With commas between them. What you leave out is taken off.",
    )

    def prepare(self) -> None:
        """Start from what is there."""
        self.initial.setdefault("labels", ", ".join(self.subject.labels))


class File(VerbForm):
    """Whose inbox the case lies in."""

    verb, heading, button, icon = "file", "File with a team", "File", "users"

    team = forms.ModelChoiceField(queryset=Team.objects.none(), required=False, empty_label="No team")

    def prepare(self) -> None:
        """Offer every team."""
        self.fields["team"].queryset = Team.objects.visible_to(self.user).order_by("name")  # type: ignore[attr-defined]
        self.initial.setdefault("team", self.subject.team_id)


class Snooze(VerbForm):
    """Out of sight for a while."""

    verb, heading, button, icon = "snooze", "Put off", "Put it off", "clock"
    explained = (
        "It leaves the queue until that day. Whatever happens to it before brings it back, and the queue says what."
    )

    until = forms.DateField(widget=date())


class Wake(VerbForm):
    """Back into the queue."""

    verb, heading, button, icon = "wake", "Back into the queue", "Put it back into the queue", "undo-2"


FILED: dict[str, type[VerbForm]] = {form.verb: form for form in (Relabel, File, Snooze, Wake)}


class Task(Form):
    """What is to be done, by whom and when."""

    noun = "task"

    title = forms.CharField(label="What is to be done", max_length=200)
    owner = forms.ModelChoiceField(queryset=User.objects.none(), required=False, empty_label="Nobody yet")
    due_on = forms.DateField(label="By", required=False, widget=date())
    about = forms.CharField(required=False, max_length=20, help_text=PART)
    detail = forms.CharField(required=False, widget=words(2), max_length=4_000)

    def prepare(self) -> None:
        """Offer the people who work on cases."""
        self.fields["owner"].queryset = holding(*COLLEAGUES)  # type: ignore[attr-defined]
        for name in self.fields if self.subject else ():
            self.initial.setdefault(name, getattr(self.subject, name, None))


class AddTask(Task):
    """Something more to do."""

    verb, heading, button, icon, shortcut = "add", "Add task", "Add task", "list-checks", "t"

    @property
    def place(self) -> str:
        """Its own place on the page: other rows are added there too."""
        return "task-add"


class AmendTask(Task, VerbForm):
    """Other words, another day, somebody else."""

    verb, heading, button, icon = "amend", "Change", "Save the task", "settings"


class FinishTask(VerbForm):
    """It is done."""

    verb, noun, heading, button, icon = "finish", "task", "Done", "It is done", "check"

    note = forms.CharField(required=False, widget=words(2), max_length=4_000, help_text="What came of it.")


class DropTask(VerbForm):
    """It need not be done."""

    verb, noun, heading, button, icon = "drop", "task", "Drop", "Drop the task", "x"

    reason = forms.CharField(widget=words(2), max_length=2_000, help_text="Why need it not be done?")


class TakeUpTask(VerbForm):
    """It is to be done after all."""

    verb, noun, heading, button, icon = "take_up", "task", "Undo", "Put it back on the list", "undo-2"


class WriteComment(Form):
    """A note to colleagues on one thing: `subject` is that thing."""

    verb, noun, heading, button, icon, shortcut = "write", "comment", "Write a comment", "Comment", "quote", "n"

    text = forms.CharField(label="Comment", widget=words(3), max_length=20_000, help_text=MENTIONING)
    about = forms.CharField(required=False, max_length=20, help_text=PART)

    def prepare(self) -> None:
        """Only a case has parts."""
        if not isinstance(self.subject, Case):
            del self.fields["about"]

    @property
    def place(self) -> str:
        """Its own place on the page."""
        return "comment-write"

    @property
    def sent_to(self) -> str:
        """Where the form is sent: the address names the thing."""
        return reverse("comment-write", args=[self.subject._meta.model_name, self.subject.pk])

    @property
    def changed_nothing(self) -> bool:
        """A comment is always something new."""
        return False


class OnComment(VerbForm):
    """A form for one of many comments on a page."""

    noun = "comment"

    @property
    def place(self) -> str:
        """Its own place on the page: many comments have this form."""
        return f"comment-{self.subject.pk}-{self.anchor}"


class EditComment(OnComment):
    """Other words."""

    verb, heading, button, icon = "edit", "Edit", "Save the comment", "settings"

    text = forms.CharField(label="Comment", widget=words(3), max_length=20_000, help_text=MENTIONING)

    def prepare(self) -> None:
        """Start from what it says."""
        self.initial.setdefault("text", self.subject.text)


class WithdrawComment(OnComment):
    """Off the page."""

    verb, heading, button, icon = "withdraw", "Withdraw", "Withdraw the comment", "x"


class DrawLink(Form):
    """Another case that belongs to this one."""

    verb, noun, heading, button, icon = "draw", "link", "Link a case", "Link it", "git-merge"

    to = forms.CharField(label="Other case", max_length=16, help_text="Its reference, such as RR-2025-0001.")
    kind = forms.ChoiceField(choices=Link.Kind, label="This case")
    why = forms.CharField(required=False, widget=words(2), max_length=2_000, label="Why")

    @property
    def place(self) -> str:
        """Its own place on the page."""
        return "link-draw"

    def clean_to(self) -> Case:
        """The case with this reference."""
        found: Case | None = Case.objects.visible_to(self.user).filter(ref=self.cleaned_data["to"].strip()).first()
        if found is None:
            raise forms.ValidationError("There is no case with this reference.")
        return found


class CutLink(VerbForm):
    """The link is wrong."""

    verb, noun, heading, button, icon = "cut", "link", "Cut", "Cut the link", "unlink"

    reason = forms.CharField(widget=words(2), max_length=2_000)


class SetUpTeam(Form):
    """People who share an inbox."""

    verb, noun, heading, button, icon = "set_up", "team", "New team", "Set up the team", "users"

    name = forms.CharField(max_length=80)
    slug = forms.SlugField(max_length=40, label="Short name", help_text="For addresses: small letters and dashes.")
    members = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer the people who work on cases."""
        self.fields["members"].queryset = holding(*COLLEAGUES)  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        """A short name that no team has."""
        slug: str = self.cleaned_data["slug"]
        if Team.objects.filter(slug=slug).exists():
            raise forms.ValidationError("Another team has this short name.")
        return slug


class StaffTeam(VerbForm):
    """Who is in the team from now on."""

    verb, noun, heading, button, icon = "staff", "team", "Who is in it", "Save", "users"

    members = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer the people who work on cases, those in it ticked."""
        self.fields["members"].queryset = holding(*COLLEAGUES)  # type: ignore[attr-defined]
        self.initial.setdefault("members", list(self.subject.members.values_list("pk", flat=True)))
