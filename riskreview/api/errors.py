"""Every refusal and failure as a problem document (RFC 9457)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.reverse import reverse

from riskreview.accounts.confirming import NotConfirmed, TooManyTries
from riskreview.audit import channel
from riskreview.audit.models import Entry
from riskreview.audit.refusals import HeldAlready, NotAllowed, NotNow, Refusal, Stale
from riskreview.cases.differing import Difference, DossierChanged
from riskreview.cases.guards import second_pair_of_eyes
from riskreview.cases.models import Case
from riskreview.cases.requirements import Unready
from riskreview.evidence.archive import ASK_AGAIN_SECONDS, Unreachable

from .authentication import MissingScope

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the last part of its `type`, the status, the title."""

    slug: str
    status: int
    title: str


KINDS = (
    Kind("invalid", 400, "The request is not valid"),
    Kind("unauthenticated", 401, "A valid token is needed"),
    Kind("scope", 403, "The token lacks a scope"),
    Kind("not-allowed", 403, "You may not do this"),
    Kind("not-found", 404, "There is no such thing"),
    Kind("method", 405, "This address does not take that method"),
    Kind("not-acceptable", 406, "The answer has no such form"),
    Kind("not-now", 409, "This is not possible now"),
    Kind("changed", 409, "What would be signed is not what was read"),
    Kind("stale", 412, "This has changed since you looked"),
    Kind("too-large", 413, "The body is too large"),
    Kind("media-type", 415, "The body has a form that is not read here"),
    Kind("version-needed", 428, "Say which version you saw"),
    Kind("too-many", 429, "Too many requests"),
    Kind("broken", 500, "Something broke"),
    Kind("unreachable", 503, "The archive cannot be reached now"),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
BY_STATUS = {kind.status: kind for kind in reversed(KINDS)} | {403: BY_SLUG["not-allowed"]}
REFUSALS = {
    NotAllowed: "not-allowed",
    NotConfirmed: "not-allowed",
    TooManyTries: "too-many",
    NotNow: "not-now",
    HeldAlready: "not-now",
    Unready: "not-now",
    Stale: "stale",
    DossierChanged: "changed",
}

NOTHING_HERE = "There is nothing at this address, or you may not see it. Addresses end with a slash."
CLASH = "This clashes with something that is on record already. Read it again and try once more."
UNREACHABLE = "The store that holds the exact bytes does not answer now. Nothing was changed. Try again in a minute."
BROKEN = "This is our fault and was written to the log. Nothing was changed. Name the instance when you report it."


def problem(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to an error. A guard's refusal also leaves its entry, in a transaction of its own."""
    match error:
        case Refusal():
            return refused(error, context)
        case Http404():
            return answer("not-found", NOTHING_HERE)
        case PermissionDenied():
            return answer("not-allowed", str(error) or "You may not do this.")
        case MissingScope():
            return answer("scope", str(error.detail), scope=error.scope.value)
        case exceptions.ValidationError():
            return answer("invalid", "See `errors` for what to change.", errors=list(fields(error.detail)))
        case exceptions.APIException():
            return from_rest(error)
        case RequestDataTooBig():
            return answer("too-large", "The fields of this form are too large.")
        case SuspiciousOperation():
            return answer("invalid", "The form is damaged, or has too many parts.")
        case IntegrityError():
            log.warning("a constraint refused a request: %s", error)
            return answer("not-now", CLASH)
        case DataError():
            log.warning("a value did not fit its column: %s", error)
            return answer("invalid", "A value does not fit its field.")
        case Unreachable():
            log.warning("the archive cannot be asked: %s", error.reason)
            response = answer("unreachable", UNREACHABLE)
            response["Retry-After"] = str(ASK_AGAIN_SECONDS)
            return response
    log.error("a request broke", exc_info=error)
    return answer("broken", BROKEN)


def refused(refusal: Refusal, context: Mapping[str, Any]) -> Response:
    """The answer to a verb that said no."""
    extra: dict[str, Any] = {}
    if isinstance(refusal, NotAllowed):
        Entry.objects.remember(context["request"].user, refusal)
        extra = {"rule": rule} if (rule := rule_of(refusal)) else {}
    if changes := changes_of(refusal, context["request"]):
        extra = {"changes": [asdict(each) for each in changes]}
    if isinstance(refusal, Unready):
        extra = {"unmet": [asdict(each) for each in refusal.unmet]}
    if isinstance(refusal, HeldAlready):
        extra = {"existing": addresses(refusal.existing, context["request"])}
    slug = "changed" if changes and type(refusal) is NotNow else REFUSALS[type(refusal)]
    response = answer(slug, str(refusal), **extra)
    if isinstance(refusal, TooManyTries):
        response["Retry-After"] = str(refusal.wait)
    return response


def changes_of(refusal: Refusal, request: Any) -> list[Difference]:
    """What differs since the caller read what they would sign, if that is why it was refused."""
    if isinstance(refusal, DossierChanged):
        return refusal.changes
    if isinstance(refusal, NotAllowed) or refusal.verb != "case.approve" or not isinstance(refusal.subject, Case):
        return []
    return refusal.subject.changes_since_read(request.data.get("dossier_sha256", ""))


def addresses(document: Any, request: Any) -> dict[str, Any]:
    """Where the document is that is on record already: here, and as a page."""
    there = reverse("api-documents-detail", kwargs={"pk": document.pk}, request=request)
    page = request.build_absolute_uri(document.get_absolute_url())
    return {"id": document.pk, "url": there, "page": page}


def rule_of(refusal: NotAllowed) -> str:
    """The rule that said no, where it has a name: that of the second person, or that one proves who one is."""
    if isinstance(refusal, NotConfirmed):
        return "confirmation"
    verb = getattr(type(refusal.subject), refusal.verb.rpartition(".")[2], None)
    return "four-eyes" if getattr(verb, "guard", None) is second_pair_of_eyes else ""


def from_rest(error: exceptions.APIException) -> Response:
    """The answer to an error of the framework, with the headers that belong to it."""
    response = answer(BY_STATUS.get(error.status_code, BY_SLUG["broken"]).slug, str(error.detail))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def answer(slug: str, detail: str, **extra: Any) -> Response:
    """A problem document of one of our kinds."""
    kind = BY_SLUG[slug]
    body = {
        "type": f"/api/v1/docs/#problem-{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": f"urn:uuid:{channel.current().request or uuid.uuid4()}",
    }
    return Response(body | extra, status=kind.status, content_type=MEDIA_TYPE)


def fields(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """The complaints about single fields, flat: `{"field": "vendors.0", "detail": "…"}`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from fields(inner, path if name == "non_field_errors" else f"{path}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from fields(inner, f"{path}.{number}".lstrip(".") if nested else path)
    else:
        yield {"field": path, "detail": str(detail)}
