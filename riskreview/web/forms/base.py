"""What every form has: a verb, a title, a button, and the row it is about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from riskreview.accounts.models import User
from riskreview.audit.models import Recorded
from riskreview.audit.state import subject_type

from .. import unsealing
from ..picking import Cited
from .picking import DocumentField

UNSEEN = "The form did not say which version you were looking at. Look at it as it is now, and send it again."


class Form(forms.Form):
    """A form for one verb. `verb` is the method's name; page, address and anchor spell it with dashes."""

    verb: ClassVar[str]
    noun: ClassVar[str] = ""
    heading: ClassVar[str]
    button: ClassVar[str]
    explained: str = ""
    icon: ClassVar[str] = "plus"
    tone: ClassVar[str] = ""
    shortcut: ClassVar[str] = ""
    required_css_class = ""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        subject: Any = None,
        initial: dict[str, Any] | None = None,
        is_open: bool = False,
        case: Any = None,
    ) -> None:
        self.subject, self.user, self.is_open, self.case = subject, user, is_open or bool(data), case
        super().__init__(data, auto_id=f"{self.place}-%s", initial=initial, label_suffix="")
        cited = Cited(case or subject)
        for field in self.fields.values():
            if isinstance(field, DocumentField):
                field.at(user, cited)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the row or the person: choices and first values."""

    @property
    def anchor(self) -> str:
        """The verb as it stands in addresses."""
        return self.verb.replace("_", "-")

    @property
    def place(self) -> str:
        """What the form is called on its page: the anchor, with the row where a page shows the form for many rows."""
        return f"{self.noun}-{self.subject.pk}-{self.anchor}" if self.case and self.subject else self.anchor

    @property
    def sent_to(self) -> str:
        """Where the form is sent."""
        name = f"{self.noun or subject_type(self.subject)}-{self.anchor}"
        about = self.subject or self.case
        return reverse(name, args=[] if about is None else [name_of(about)])

    @cached_property
    def voids(self) -> Any:
        """The recommendation waiting for approval that the verb would void, if it would void one: as it was when the
        form was first shown."""
        noun = self.noun or (subject_type(self.subject) if self.subject else "")
        case = self.case or getattr(self.subject, "case", self.subject)
        return unsealing.threatened(f"{noun}.{self.verb}", case)

    def arguments(self) -> dict[str, Any]:
        """What the verb is called with: rows in the order they were made, not the query that finds them."""
        rows = {
            name: list(value.order_by("pk")) for name, value in self.cleaned_data.items() if isinstance(value, QuerySet)
        }
        return self.cleaned_data | rows

    @property
    def changed_nothing(self) -> bool:
        """Whether the verb was called and left the row at the version that was seen."""
        return self.subject is not None and self.cleaned_data.get("seen") == self.subject.entry_seq

    def renewed(self, entry_seq: int) -> Form:
        """The same words, ready to be sent against the row as it is now."""
        data = cast("QueryDict", self.data).copy()
        data["seen"] = str(entry_seq)
        return type(self)(data, subject=self.subject, user=self.user, case=self.case)


class VerbForm(Form):
    """A form for a verb of a row that exists. `seen` is the version the person looked at; it is never left out."""

    seen = forms.IntegerField(
        min_value=0,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), UNSEEN),
    )

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        subject: Recorded = given["subject"]
        given["initial"] = {"seen": subject.entry_seq} | (given.get("initial") or {})
        super().__init__(data, **given)

    def full_clean(self) -> None:
        """Check everything. A form that did not say what was seen comes back saying what is shown now."""
        super().full_clean()
        if self.is_bound and "seen" in self.errors:
            self.data = cast("QueryDict", self.data).copy()
            self.data["seen"] = str(self.subject.entry_seq)


def name_of(row: Any) -> Any:
    """What stands for a row in addresses."""
    return getattr(row, "ref", None) or getattr(row, "slug", None) or row.pk


class Sentences(forms.Textarea):
    """A box whose line ends are written as everywhere else: browsers send two characters for each."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """What was written."""
        given = super().value_from_datadict(data, files, name)
        return given.replace("\r\n", "\n") if isinstance(given, str) else given


def words(rows: int = 3) -> forms.Textarea:
    """A box for sentences."""
    return Sentences(attrs={"rows": rows})


def moment() -> forms.DateTimeInput:
    """A box for a day and an hour, in UTC."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


def date() -> forms.DateInput:
    """A box for a day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
