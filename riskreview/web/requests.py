"""What a request carries by the time a page sees it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from riskreview.accounts.models import User

if TYPE_CHECKING:
    from .forms.base import Form


class Request(HttpRequest):
    """A request of somebody who is signed in. `act` is the form of the verb in progress, so that its words are kept."""

    user: User
    htmx: HtmxDetails
    id: uuid.UUID
    act: Form | None
