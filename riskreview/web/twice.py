"""A form that came twice: a second click of the same person is no clash with somebody else, and counts as the first."""

from __future__ import annotations

import datetime
from typing import Any

from django.apps import apps
from django.utils import timezone

from riskreview.accounts.models import User
from riskreview.audit.models import Entry, Recorded
from riskreview.audit.state import plain, subject_type

from .forms.base import Form

A_MOMENT = datetime.timedelta(seconds=60)  # within which the same act of one person is one act
LOOKED_AT = 5


def sent_already(form: Form, user: User) -> Recorded | None:
    """The row that this valid form was about, if this person sent the same form a moment ago and nobody has done
    anything to the row since; None otherwise."""
    told = words_of(form)
    since = timezone.now() - A_MOMENT
    acts = Entry.objects.filter(kind=Entry.Kind.ACT, actor=user, verb=verb_of(form), recorded_at__gte=since)
    if "seen" in form.cleaned_data:
        acts = acts.filter(subject_id=str(form.subject.pk), seq=form.cleaned_data["seen"] + 1)
    recent = acts.select_related("body").newest_first()[:LOOKED_AT]
    same = (entry for entry in recent if told.items() <= said_in(entry).items())
    return next((row for entry in same if (row := newest(entry))), None)


def verb_of(form: Form) -> str:
    """The verb of a form as entries spell it."""
    return f"{form.noun or subject_type(form.subject)}.{form.verb}"


def words_of(form: Form) -> dict[str, Any]:
    """What a form says, as an entry holds it. A form of a verb that makes a row says about which other row it is."""
    given = {name: value for name, value in form.arguments().items() if name != "seen"}
    if form.noun and form.subject is not None and "seen" not in form.cleaned_data:
        given[subject_type(form.subject)] = form.subject
    told: dict[str, Any] = plain(given)
    return told


def said_in(entry: Entry) -> dict[str, Any]:
    """What was said with an act; the reason stands by itself in an entry."""
    private = entry.private
    return {**private.get("arguments", {}), "reason": private.get("reason", "")}


def newest(entry: Entry) -> Recorded | None:
    """The row an entry is about, if nothing happened to it after that."""
    models = {subject_type(model): model for model in apps.get_models() if issubclass(model, Recorded)}
    row = models[entry.subject_type]._base_manager.filter(pk=entry.subject_id).first()
    return row if row is not None and row.entry_seq == entry.seq else None
