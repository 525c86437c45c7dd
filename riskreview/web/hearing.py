"""Asking others and hearing the party, on the page of their case."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from riskreview.cases.models import Consultation, Submission

from . import parts
from .forms import hearing as forms
from .requests import Request

PLACE = "hearing"


@require_POST
def send(request: Request, ref: str) -> HttpResponse:
    """Put on record that a body was asked."""
    return parts.add(request, ref, forms.Send, Consultation.objects.send, said="Asked. Its time runs.", fragment=PLACE)


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Put an answer on record."""
    return parts.act(request, Consultation, pk, forms.Answer, said="The answer is on record.", fragment=PLACE)


@require_POST
def presume_concurrence(request: Request, pk: int) -> HttpResponse:
    """Take silence for consent."""
    return parts.act(
        request, Consultation, pk, forms.PresumeConcurrence, said="Silence counts as consent now.", fragment=PLACE
    )


@require_POST
def mark_undeliverable(request: Request, pk: int) -> HttpResponse:
    """Put on record that a request never arrived."""
    return parts.act(
        request, Consultation, pk, forms.MarkUndeliverable, said="On record: it did not arrive.", fragment=PLACE
    )


@require_POST
def receive(request: Request, ref: str) -> HttpResponse:
    """Put on record what a party submitted."""
    said = "On record. Write down how it was considered before a decision is proposed."
    return parts.add(request, ref, forms.Receive, Submission.objects.receive, said=said, fragment=PLACE)


@require_POST
def note_silence(request: Request, ref: str) -> HttpResponse:
    """Put on record that a party said nothing."""
    return parts.add(
        request, ref, forms.NoteSilence, Submission.objects.note_silence, said="On record.", fragment=PLACE
    )


@require_POST
def consider(request: Request, pk: int) -> HttpResponse:
    """Write down how a submission was considered."""
    return parts.act(
        request, Submission, pk, forms.Consider, said="How it was considered is on record.", fragment=PLACE
    )
