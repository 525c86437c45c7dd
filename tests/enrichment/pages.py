"""Pages as they might have been collected, and the reading of them."""

from __future__ import annotations

import datetime
from typing import Any

from riskreview.enrichment import pipeline
from riskreview.evidence.models import Announcement, Capture, Document
from tests.make import WHEN

REVIEW = (
    "DeepSeek released an open model this week and its app went to the top of the charts.",
    "The White House said that the National Security Council is looking at the implications of DeepSeek's rise.",
    "Officials did not say what the review will cover or how long it will take.",
    "Analysts asked where the prompts of users are kept, and who can compel access to them.",
)
RECIPE = (
    "A good bread needs four things and a free afternoon, says the baker of the harbour street.",
    "He mixes flour and water in the morning and leaves the dough alone until the light turns yellow.",
    "The crust should crack when it is pressed, and the crumb should smell of nuts.",
)


def html(*paragraphs: str, title: str = "Review of DeepSeek", extra: str = "") -> bytes:
    """A page with an article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>{extra}</head>"
    return f"{head}<body><main><article><h1>{title}</h1>{body}</article></main></body></html>".encode()


def held(
    raw: bytes,
    key: str,
    *,
    kind: str = "text/html; charset=utf-8",
    title: str = "Review of DeepSeek",
    days: float = 0,
) -> Document:
    """A document with these bytes, published some days after the others."""
    published = WHEN + datetime.timedelta(days=days)
    told = Announcement(key=key, url=f"https://news.example/{key}", headline=title, published_at=published)
    capture = Capture(raw=raw, content_type=kind, fetched_at=published, final_url=told.url, status=200)
    return Document.objects.hold(told, capture=capture)


def read(raw: bytes, key: str, **given: Any) -> Document:
    """A document with these bytes that a worker has read."""
    document = held(raw, key, **given)
    assert pipeline.digest_now(document), document.last_error
    return document
