"""What a request carries by the time a page sees it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from riskreview.accounts.models import User
from riskreview.lib.addresses import client_address

if TYPE_CHECKING:
    from .forms.base import Form


class Request(HttpRequest):
    """A request of somebody who is signed in. `act` is the form of the verb in progress, so that its words are kept."""

    user: User
    htmx: HtmxDetails
    id: uuid.UUID
    act: Form | None


def client_of(request: HttpRequest) -> str:
    """The address a request comes from, behind as many proxies as the settings say; empty behind a local socket."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES)
