"""The one way a page runs a verb: read the form, call, say so, go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse

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
) -> HttpResponse:
    """Call the verb with what the form says. `again` renders the page with the form's problems (422); `done` goes on.

    A refusal passes through: the middleware answers it and finds the form on the request.
    """
    request.act = form
    if not form.is_valid():
        return again()
    made = verb(by=request.user, **form.arguments())
    if form.changed_nothing:
        messages.info(request, "Nothing was changed.")
    elif said:
        messages.success(request, said)
    return done(made)
