"""The product's workers with one weakness: a page that holds certain words ends the process, while a file is there."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
django.setup()

from benchmarks._pages import POISON  # noqa: E402 - after the set-up
from riskreview.celery import app  # noqa: E402
from riskreview.enrichment import pipeline  # noqa: E402

__all__ = ["app"]
SWITCH = "DRILL_POISON_FILE"
extract = pipeline.extract


def deadly(body: bytes, **named: Any) -> Any:
    """Read a page, and die of it if it is poison, as of a fault in a library written in C."""
    if POISON.encode() in body and Path(os.environ[SWITCH]).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return extract(body, **named)


pipeline.extract = deadly
