"""What programs send in: an address, a file, a document with its text, a newer text of one."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from riskreview.enrichment.decoding import NotText
from riskreview.enrichment.extracted import one_line
from riskreview.enrichment.intake_types import FILE_BYTES, HEADLINE, readable
from riskreview.evidence.models import Retention, Source, page_key
from riskreview.lib.urls import safe_url

from .inputs import RowField, Words
from .parsing import TooLarge, announced

LARGEST_FILE = FILE_BYTES
TOO_LARGE = "A file has at most 25 MB (25,000,000 bytes)."
NO_ADDRESS = "An address begins with http:// or https:// and holds no user name and no control character."
EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.UTC)
TEXT, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"


class FormWithFile(MultiPartParser):
    """`multipart/form-data`, refused by its length before it is read."""

    largest: ClassVar[int] = LARGEST_FILE
    too_large: ClassVar[str] = TOO_LARGE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The fields and the file. Raises `TooLarge`, or `ParseError` for a damaged form."""
        if announced(parser_context) > self.largest + 1_000_000:
            raise TooLarge(self.too_large)
        return super().parse(stream, media_type, parser_context)


class AddressField(serializers.CharField):
    """An address that a page may link to and a worker may ask for."""

    default_error_messages = {"address": NO_ADDRESS}

    def to_internal_value(self, data: Any) -> str:
        """The address. Raises `ValidationError`."""
        return safe_url(str(super().to_internal_value(data))) or self.fail("address")


def canonical_or_none(url: str) -> str | None:
    """The identity of a document that is known by its address; None for what is none."""
    safe = safe_url(url)
    return page_key(safe) if safe else None


class Bring(Words):
    """An address. Its bytes are fetched by a worker; the page itself says the headline unless it is given."""

    url = AddressField(max_length=2000)
    headline = serializers.CharField(max_length=500, required=False, allow_blank=True)


class Upload(Words):
    """A file brought in by hand: PDF, Word, web page, e-mail, text or table, at most 25 MB."""

    headline = serializers.CharField(max_length=500)
    file = serializers.FileField()
    publisher = serializers.CharField(max_length=200, required=False, help_text="Who wrote, said or sent it.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The exact bytes, if they can be read. Raises `ValidationError` in words, or `TooLarge`."""
        file = attrs.pop("file")
        if file.size > LARGEST_FILE:
            raise TooLarge(TOO_LARGE)
        content = file.read()
        try:
            kind = readable(file.name or "", content, file.content_type or "")
        except NotText as error:
            raise serializers.ValidationError({"file": [error.reason]}) from error
        name = one_line(file.name or "", HEADLINE)
        return attrs | {"content": content, "content_type": kind, "file_name": name}


class Recapture(Words):
    """A newer text of the document: either `text` or `html`."""

    text = serializers.CharField(required=False, trim_whitespace=False, help_text="Plain text.")
    html = serializers.CharField(required=False, trim_whitespace=False, help_text="The page, as it was published.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Its bytes in UTF-8. Raises `ValidationError` unless there is exactly one of the two, with words in it."""
        text, html = attrs.pop("text", None), attrs.pop("html", None)
        if (text is None) == (html is None):
            raise serializers.ValidationError({"text": ["Send either `text` or `html`."]})
        given: str = html if text is None else text
        if not given.strip():
            raise serializers.ValidationError({"html" if text is None else "text": ["There is nothing in it."]})
        return attrs | {"content": given.encode(), "content_type": HTML if text is None else TEXT}


class Push(Recapture):
    """A document with its text, either `text` or `html`, from a system that has read it already."""

    url = AddressField(max_length=2000, help_text="Where it was published: its identity.")
    headline = serializers.CharField(max_length=500)
    source = RowField(  # type: ignore[assignment]
        Source.objects.visible_to,
        slug_field="id",
        queryset=Source.objects.all(),
        required=False,
        help_text="Id of a source on the register, whose reliability it then carries.",
    )
    publisher = serializers.CharField(max_length=200, required=False, allow_blank=True)
    byline = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, required=False)
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,4})?$", max_length=8, required=False)
    published_at = serializers.DateTimeField(required=False)

    def validate_headline(self, text: str) -> str:
        """One line."""
        return one_line(text, HEADLINE)

    def validate_source(self, source: Source) -> Source:
        """A source whose texts may be kept whole."""
        if source.retention == Retention.EXCERPT:
            raise serializers.ValidationError("Only excerpts of this source may be kept, so nothing is pushed for it.")
        return source

    def validate_published_at(self, at: datetime.datetime) -> datetime.datetime:
        """A time that can be true."""
        if not EARLIEST <= at <= timezone.now() + datetime.timedelta(days=1):
            raise serializers.ValidationError("Give a time from 1990 on that is not in the future.")
        return at
