"""The one way a page runs a verb: read the form, call, say so, go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse

from riskreview.audit.refusals import NotNow, Stale

from . import colleagues, twice
from .forms.base import Form
from .requests import Request


def perform(
    request: Request,
    form: Form,
    verb: Callable[..., Any],
    *,
    again: Callable[[], HttpResponse],
    done: Callable[[Any], HttpResponse],
    said: str = "",
    once: bool = False,
) -> HttpResponse:
    """Call the verb with what the form says. `again` renders the page with the form's problems (422); `done` goes on.

    A refusal passes through: the middleware answers it and finds the form on the request. With `once`, a form that the
    same person sent a moment before is answered as then; `done` is given the row that the act was about.
    """
    request.act = form
    if not form.is_valid():
        return again()
    try:
        made = verb(by=request.user, **form.arguments())
    except (NotNow, Stale, IntegrityError):
        made = twice.sent_already(form, request.user) if once else None
        if made is None:
            raise
    colleagues.sent(form, request.user)
    if form.changed_nothing:
        messages.info(request, "Nothing was changed.")
    elif said:
        messages.success(request, said)
    return done(made)
