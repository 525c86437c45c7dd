"""Lost updates: every row says its version in `ETag`, every act on it says in `If-Match` which version was seen."""

from __future__ import annotations

import re

from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from riskreview.audit.models import Recorded

TAG = re.compile(r'"(\d{1,9})"\Z', re.ASCII)


class VersionNeeded(APIException):
    """The act does not say which version of the row it is about."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_needed"
    default_detail = 'Say which version you saw: send the `ETag` of your last answer as `If-Match`, such as `"7"`.'


def etag(row: Recorded) -> str:
    """The version of a row as an entity tag."""
    return f'"{row.entry_seq}"'


def seen(request: Request) -> int:
    """The version the client saw. Raises `VersionNeeded`, or `ValidationError` for anything but one of our tags."""
    given = request.META.get("HTTP_IF_MATCH", "").strip()
    if given in ("", "*"):
        raise VersionNeeded
    found = TAG.match(given)
    if not found:
        raise ValidationError({"If-Match": ['This must be one entity tag as `ETag` gave it, such as `"7"`.']})
    return int(found[1])
