"""The two look-ups that must not slow down as the archive grows: whose text is this, and which event is it about."""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg

from benchmarks import _filling, _timed_texts
from benchmarks._stage import SUPERUSER, database_name, url
from benchmarks._timed_texts import milliseconds

PRINTS = 52  # kept hashes of a long article
DAYS = 30

_WORDED = """
INSERT INTO evidence_wording SELECT (jsonb_populate_record(pattern.wording, jsonb_build_object(
  'document_id', d.id, 'at', coalesce(d.published_at, d.first_seen_at), 'digest', d.id, 'title', d.id,
  'kept', '[]'::jsonb, 'after_id', NULL))).*
FROM evidence_document d, (SELECT w AS wording FROM evidence_wording w ORDER BY w.document_id LIMIT 1) pattern
ON CONFLICT DO NOTHING;
"""
_SPREAD = """
SET session_replication_role = replica;
UPDATE evidence_document d SET heaviest_terms = told.terms,
  published_at = timestamptz '2025-12-01 00:00+00' + told.part * interval '%(days)s days'
  FROM told WHERE told.id = d.id;
UPDATE evidence_story s SET first_at = own.first, last_at = own.last
  FROM (SELECT story_id, min(published_at) AS first, max(published_at) AS last FROM evidence_document GROUP BY 1) own
  WHERE own.story_id = s.id;
UPDATE evidence_story s SET opening_id = own.first FROM (
  SELECT DISTINCT ON (story_id) story_id, id AS first FROM evidence_document ORDER BY story_id, published_at, key) own
  WHERE own.story_id = s.id;
UPDATE evidence_wording w SET at = d.published_at FROM evidence_document d WHERE d.id = w.document_id;
DELETE FROM evidence_tellingterm;
DELETE FROM evidence_telling;
INSERT INTO evidence_telling (document_id, at, after_id, likeness)
  SELECT d.id, d.published_at, nullif(s.opening_id, d.id), CASE WHEN s.opening_id = d.id THEN 0 ELSE 400 END
  FROM evidence_document d JOIN evidence_story s ON s.id = d.story_id;
INSERT INTO evidence_tellingterm (term, at, document_id)
  SELECT unnest(told.hashes), d.published_at, d.id FROM told JOIN evidence_document d ON d.id = told.id;
"""


def look_ups(rng: random.Random, size: int, count: int) -> list[float]:
    """Milliseconds of so many look-ups for candidates in an archive of such a size; half of them have a copy in it."""
    from riskreview.enrichment import grouping
    from riskreview.enrichment.origins import fingerprint

    _hold([text for article in _timed_texts.articles(rng, 20, 5_000) for text in (article, article[:3_500])])
    _filling.PRINTS = PRINTS
    fill(size)
    looked = [(document, fingerprint(document.newest.text)) for document in _real()]
    sketches = [*looked, *((looked[0][0], fingerprint(each)) for each in _timed_texts.articles(rng, 20, 5_000))]
    for document, sketch in sketches:
        grouping.candidates(document, sketch)  # as in a worker that has been at it for a while
    return [
        milliseconds(lambda one=one: grouping.candidates(*one), time.perf_counter)
        for one in rng.choices(sketches, k=count)
    ]


def fill(size: int) -> None:
    """An archive of such a size, with what is remembered of each document's wording."""
    _filling.fill(size)
    with psycopg.connect(url(database_name(), SUPERUSER), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(_WORDED)
        superuser.execute("VACUUM ANALYZE evidence_wording")


def _hold(texts: Sequence[str]) -> None:
    """Documents with these texts, read as a worker reads them."""
    import datetime

    from riskreview.enrichment import pipeline
    from riskreview.evidence.models import Announcement, Capture, Document

    now = datetime.datetime(2026, 1, 11, 9, tzinfo=datetime.UTC)
    held = Document.objects.count()
    for number, text in enumerate(texts, start=held):
        told = "".join(f"<p>{line}</p>" for line in text.split("\n\n"))
        page = f"<html><head><title>Item {number}</title></head><body><article>{told}</article></body></html>"
        address = f"https://bench.example/{number}"
        announced = Announcement(key=address, url=address, headline=f"Item {number}", published_at=now)
        document = Document.objects.hold(announced, capture=Capture(page.encode(), "text/html; charset=utf-8", now))
        if not pipeline.digest_now(document):
            sys.exit(f"An article of the bench was not read: {document.last_error}")


def _real() -> list[Any]:
    """The documents with a text of their own."""
    from riskreview.evidence.models import Document

    return list(Document.objects.filter(key__startswith="https://bench.example/").order_by("pk"))


def telling(rng: random.Random, size: int, count: int) -> list[float]:
    """Milliseconds to find the story of each of so many documents, anew, in an archive of such a size."""
    from riskreview.enrichment import grouping
    from riskreview.evidence.models import Document

    if not Document.objects.exists():
        _hold(_timed_texts.articles(rng, 1, 5_000))
    fill(size)
    _spread(rng)
    numbers = rng.sample(list(Document.objects.order_by("pk").values_list("pk", flat=True)), k=count)
    documents = [Document.objects.get(pk=number) for number in numbers]
    return [milliseconds(lambda one=one: grouping.tell(one), time.perf_counter) for one in documents]


def _spread(rng: random.Random) -> None:
    """Let the documents of each story speak of one event, within days of each other, all in one month."""
    from riskreview.enrichment.stories import keys
    from riskreview.enrichment.telling import hashed

    with psycopg.connect(url(database_name(), SUPERUSER), autocommit=True) as superuser:
        superuser.execute("CREATE TEMP TABLE told (id bigint, part float, terms jsonb, hashes bigint[])")
        known = superuser.execute("SELECT id, story_id FROM evidence_document ORDER BY story_id, id").fetchall()
        with superuser.cursor().copy("COPY told FROM STDIN") as copy:
            for _, group in itertools.groupby(known, key=lambda row: row[1]):
                for (number, _), (part, terms) in zip(group, _event(rng), strict=False):
                    copy.write_row((number, part, json.dumps(terms), [hashed(term) for term in keys(terms)]))
        for statement in (_SPREAD % {"days": DAYS}).split(";\n"):
            if statement.strip():
                superuser.execute(statement)
        superuser.execute("VACUUM ANALYZE")


def _event(rng: random.Random) -> Iterator[tuple[float, dict[str, int]]]:
    """For each document about an event: when, as a part of the month, and its heaviest terms, most of them shared."""
    own = [f"own{rng.randrange(200_000)}" for _ in range(25)]
    begun = rng.random()
    while True:
        general = [f"word{int(rng.paretovariate(0.7)) % 3_000}" for _ in range(30)]
        terms = {term: rng.randint(120, 260) for term in rng.sample(own, k=18)}
        yield min(0.999, begun + rng.random() * 0.05), {term: rng.randint(40, 120) for term in general} | terms
