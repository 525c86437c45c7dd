"""A library to search: documents with texts in the words of real news, some common, most of them rare; claims, vendors.

Paragraphs are made once, and each document is six of them with a few words of its own: the database puts them together.
"""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

import psycopg
from django.db import connection

from benchmarks._quality_labels import OPEN
from benchmarks._quality_suites import every_text
from benchmarks._stage import SUPERUSER, database_name, url

PARAGRAPHS, LONG = 20_000, 75  # words of a paragraph
RARE = 120_000  # words that hardly anybody uses
EACH = 6  # paragraphs of a document
OWN = 12  # rare words of a document's own
VENDORS = 40
DAYS = 900

FILL = """
SET session_replication_role = replica;
SET maintenance_work_mem = '1GB';
SET work_mem = '256MB';
DROP INDEX evidence_searchtext_words_gone;
CREATE TEMP TABLE pattern AS SELECT d AS document, s AS snapshot FROM evidence_document d
  JOIN evidence_snapshot s ON s.document_id = d.id WHERE d.digested_at IS NOT NULL ORDER BY d.id LIMIT 1;
ALTER TABLE paragraph ADD COLUMN vector tsvector;
UPDATE paragraph SET vector = to_tsvector('english', text);
CREATE TEMP TABLE made AS
  SELECT n + %(base)s AS id, timestamptz '2026-01-12 00:00+00' - (%(count)s - n) *
         (interval '%(days)s days' / %(count)s) AS at, 1 + (random() * (%(paragraphs)s - 1))::int AS first,
         CASE WHEN n %% 3 = 0 THEN 1 + (power(random(), 2) * (%(vendors)s - 1))::int END AS vendor,
         (SELECT string_agg(w.word, ' ') FROM generate_series(1, %(own)s) g
          JOIN rare w ON w.id = 1 + (abs(hashint8(n * 31 + g)::bigint) %% %(rare)s)) AS own
  FROM generate_series(1, %(count)s) n;
INSERT INTO evidence_document
SELECT row.* FROM made, pattern, LATERAL jsonb_populate_record(pattern.document, jsonb_build_object(
  'id', made.id, 'key', 'https://library.example/' || made.id, 'url', 'https://library.example/' || made.id,
  'headline', initcap(left((SELECT text FROM paragraph p WHERE p.id = made.first), 60)), 'published_at', made.at,
  'first_seen_at', made.at, 'digested_at', made.at, 'stamp', '', 'not_before', made.at, 'entry_seq', 0)) row;
INSERT INTO evidence_snapshot
SELECT row.* FROM made, pattern, LATERAL (SELECT string_agg(p.text, E'.\\n') AS text
  FROM generate_series(0, %(each)s - 1) g
  JOIN paragraph p ON p.id = 1 + (made.first + g * 3001) %% %(paragraphs)s) body,
  LATERAL jsonb_populate_record(pattern.snapshot, jsonb_build_object(
  'id', made.id, 'document_id', made.id, 'fetched_at', made.at, 'supersedes_id', NULL,
  'raw_sha256', md5(made.id::text) || md5('raw' || made.id), 'text', made.own || E'.\\n' || body.text,
  'text_sha256', md5('text' || made.id) || md5(made.id::text))) row;
INSERT INTO evidence_searchtext (document_id, published_at, stamp, version, words)
SELECT d.id, d.published_at, '', 1, setweight(to_tsvector('english', d.headline), 'A')
  || to_tsvector('english', made.own)
  || p0.vector || p1.vector || p2.vector || p3.vector || p4.vector || p5.vector || array_to_tsvector(
  ARRAY['=d' || to_char(d.published_at AT TIME ZONE 'UTC', 'YYYYMMDD'), '=kARTICLE']
  || CASE WHEN made.vendor IS NULL THEN '{}'::text[] ELSE ARRAY['=v' || made.vendor] END)
FROM made JOIN evidence_document d ON d.id = made.id
  JOIN paragraph p0 ON p0.id = 1 + made.first %% %(paragraphs)s
  JOIN paragraph p1 ON p1.id = 1 + (made.first + 3001) %% %(paragraphs)s
  JOIN paragraph p2 ON p2.id = 1 + (made.first + 6002) %% %(paragraphs)s
  JOIN paragraph p3 ON p3.id = 1 + (made.first + 9003) %% %(paragraphs)s
  JOIN paragraph p4 ON p4.id = 1 + (made.first + 12004) %% %(paragraphs)s
  JOIN paragraph p5 ON p5.id = 1 + (made.first + 15005) %% %(paragraphs)s;
INSERT INTO evidence_salience (document_id, vendor_id, value) SELECT id, vendor, 800 FROM made WHERE vendor IS NOT NULL;
INSERT INTO evidence_claim (snapshot_id, kind, sentence, start, "end", words, more_words, source_kind, source_agency,
  source_name, hedges, figures, reasons, state, denies, fingerprint)
SELECT made.id, 'INDIRECT', g, g * 100, g * 100 + 90, left(p.text, 160), '', 'NONE', '', '', '[]', '[]', '{}',
  'ACCEPTED', false, md5(made.id::text || g) FROM made, generate_series(0, 1) g
  JOIN paragraph p ON true WHERE p.id = 1 + (made.first + g * 3001) %% %(paragraphs)s;
CREATE INDEX searchtext_words ON evidence_searchtext USING gin (words) WITH (fastupdate = off);
VACUUM ANALYZE;
""".replace("DROP INDEX evidence_searchtext_words_gone", "DROP INDEX searchtext_words")


def fill(size: int, rng: random.Random) -> None:
    """A library of so many documents more. One that the product made is the pattern, so a new column needs no change
    here; every vendor from 1 to `VENDORS` is to be on the register."""
    with psycopg.connect(url(database_name(), SUPERUSER), autocommit=True) as superuser:
        write_words(superuser, rng)
        row = superuser.execute("SELECT 10000000 + coalesce(max(id), 0) FROM evidence_document").fetchone()
        told = {"base": row[0] if row else 0, "count": size, "paragraphs": PARAGRAPHS, "rare": RARE, "each": EACH}
        told |= {"own": OWN, "vendors": VENDORS, "days": DAYS}
        for statement in FILL.split(";\n"):
            if statement.strip():
                superuser.execute(statement % told)
        for table in ("document", "snapshot"):
            superuser.execute(f"SELECT setval('evidence_{table}_id_seq', (SELECT max(id) FROM evidence_{table}))")
    connection.close()


def write_words(superuser: psycopg.Connection[tuple[object, ...]], rng: random.Random) -> None:
    """The paragraphs and the rare words, in tables of their own."""
    superuser.execute("CREATE TEMP TABLE paragraph (id int PRIMARY KEY, text text)")
    superuser.execute("CREATE TEMP TABLE rare (id int PRIMARY KEY, word text)")
    with superuser.cursor().copy("COPY rare FROM STDIN") as copy:
        for number, word in enumerate(made_up(rng, RARE), start=1):
            copy.write_row((number, word))
    with superuser.cursor().copy("COPY paragraph FROM STDIN") as copy:
        for number, text in enumerate(paragraphs(rng), start=1):
            copy.write_row((number, text))


def paragraphs(rng: random.Random) -> Iterator[str]:
    """Paragraphs put together from pieces of real sentences, so that words and phrases are as common as they are; every
    tenth word is made up and rather rare."""
    texts = [[word.strip(".,;:!?()“”\"'").lower() for word in text.split()] for text in every_text(OPEN)]
    texts = [words for words in texts if len(words) > LONG]
    names = made_up(random.Random(7), 30_000)
    for _ in range(PARAGRAPHS):
        line: list[str] = []
        while len(line) < LONG:
            words, length = rng.choice(texts), rng.randint(3, 12)
            at = rng.randrange(len(words) - length)
            line += words[at : at + length]
        line[::10] = rng.choices(names, k=len(line[::10]))
        yield " ".join(word for word in line if word.isalnum())


def made_up(rng: random.Random, count: int) -> list[str]:
    """Words that nobody uses, each once."""
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = (rng.choice("bcdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(3, 5)))
        found["".join(syllables) + rng.choice(string.ascii_lowercase)] = None
    return list(found)
