"""The product's workers, which stop after the text of a document: fetched, archived and extracted, nothing more."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
django.setup()

from django.db.models.functions import Now  # noqa: E402 - models need the set-up

from riskreview.celery import app  # noqa: E402
from riskreview.enrichment import pipeline  # noqa: E402
from riskreview.enrichment.extract import VERSION  # noqa: E402

__all__ = ["app"]


def carry_out(work: Any) -> None:
    """Read the text of a document, and keep it with what the page says about itself."""
    snapshot = work.row.newest

    def store(document: Any, extracted: Any) -> None:
        snapshot.read_as(title=extracted.title, text=extracted.text, extractor_version=VERSION)
        pipeline.describe(document, extracted)

    work.finish(store, pipeline.read(snapshot, work.row.url), digested_at=Now())


pipeline.carry_out = carry_out
