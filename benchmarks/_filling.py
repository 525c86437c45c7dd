"""An archive that is already large: rows like those a worker leaves, made by the database itself."""

from __future__ import annotations

import psycopg
from django.db import connection

from benchmarks._stage import SUPERUSER, database_name, url

PRINTS = 12  # kept hashes of each; a long article leaves about fifty
STORY = 5  # documents of one event

# One row that the product made is the pattern, so that a new column needs no change here.
FILL = """
SET session_replication_role = replica;
CREATE TEMP TABLE pattern AS SELECT d AS document, s AS snapshot FROM evidence_document d
  JOIN evidence_snapshot s ON s.document_id = d.id WHERE d.digested_at IS NOT NULL ORDER BY d.id LIMIT 1;
CREATE TEMP TABLE made AS
  SELECT n + %(base)s AS id, timestamptz '2026-01-12 00:00+00' - random() * interval '2 years' AS at
  FROM generate_series(1, %(count)s) n;

INSERT INTO evidence_document
SELECT (jsonb_populate_record(pattern.document, jsonb_build_object(
  'id', made.id, 'key', 'https://fill.example/2025/' || made.id || '-' || md5(made.id::text),
  'url', 'https://fill.example/2025/' || made.id || '-' || md5(made.id::text),
  'headline', 'Held before ' || made.id, 'published_at', made.at, 'first_seen_at', made.at, 'digested_at', made.at,
  'stamp', md5(made.id::text) || md5(made.at::text), 'not_before', made.at, 'entry_seq', 0,
  'origin_id', made.id, 'story_id', %(base)s + 1 + (made.id - %(base)s - 1) / %(story)s))).*
FROM made, pattern;
INSERT INTO evidence_origin (id, root_id, wire) SELECT id, id, '' FROM made;
INSERT INTO evidence_story (id, title, first_at, last_at)
  SELECT story_id, 'Story ' || story_id, min(published_at), min(published_at) + interval '2 days' FROM evidence_document
  WHERE id > %(base)s GROUP BY story_id;
INSERT INTO evidence_snapshot
SELECT (jsonb_populate_record(pattern.snapshot, jsonb_build_object(
  'id', made.id, 'document_id', made.id, 'fetched_at', made.at, 'supersedes_id', NULL,
  'raw_sha256', md5(made.id::text) || md5('raw' || made.id), 'text', 'A text that was read: ' || md5(made.id::text),
  'text_sha256', md5('text' || made.id) || md5(made.id::text)))).*
FROM made, pattern;
INSERT INTO evidence_fingerprint (h, document_id)
  SELECT (random() * 9e18 - 4.5e18)::bigint / 8 * 8, id FROM made, generate_series(1, %(prints)s);
"""
TABLES = ("document", "origin", "story", "snapshot")


def fill(size: int) -> None:
    """Add documents until the archive holds so many, with their captures, origins, stories and kept hashes."""
    with psycopg.connect(url(database_name(), SUPERUSER), autocommit=True) as superuser:
        held, base = superuser.execute("SELECT count(*), 10000000 + max(id) FROM evidence_document").fetchone() or (
            0,
            0,
        )
        given = {"base": base, "count": size - held, "prints": PRINTS, "story": STORY}
        for statement in FILL.split(";\n"):
            superuser.execute(statement % {name: int(value) for name, value in given.items()})
        for table in TABLES:
            superuser.execute(f"SELECT setval('evidence_{table}_id_seq', (SELECT max(id) FROM evidence_{table}))")
        superuser.execute("VACUUM ANALYZE")
    connection.close()
