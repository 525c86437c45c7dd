"""A register of cases that is already large: rows like those the verbs leave, made by the database itself."""

from __future__ import annotations

import psycopg
from django.db import connection

from benchmarks._product import WORDS
from benchmarks._stage import SUPERUSER, database_name, url

VENDORS = 200
ENTRIES = 10  # of each case
AREAS = ("PRIVACY", "FOREIGN_CONTROL", "MODEL_SECURITY", "EXPORT_CONTROL", "SUPPLY_CHAIN_DEPENDENCY", "RESILIENCE")
ENDINGS = ("MONITOR", "NO_ACTION", "RESTRICT_USE", "MITIGATE")

# Rows that the product made are the pattern, so that a new column needs no change here. Seven of ten are decided.
FILL = """
SET session_replication_role = replica;
CREATE TEMP TABLE pattern AS SELECT c AS kase, f AS finding, e AS exhibit, d AS decision
  FROM cases_case c JOIN cases_finding f ON f.case_id = c.id JOIN cases_exhibit e ON e.case_id = c.id
  JOIN cases_decision d ON d.id = c.decision_id ORDER BY c.id LIMIT 1;
CREATE TEMP TABLE word AS SELECT row_number() OVER () AS place, w FROM unnest('{%(words)s}'::text[]) w;
CREATE TEMP TABLE made AS
  SELECT %(base)s + n AS id, n, n %% 10 < 7 AS decided,
    timestamptz '2026-01-12 00:00+00' - n * interval '7 minutes' AS at,
    (SELECT string_agg(w, ' ') FROM word WHERE word.place IN (1 + n %% 11, 12 + n %% 17, 1 + n %% 29)) AS words,
    (%(areas)s)[1 + n %% %(area_count)s] AS area, (%(endings)s)[1 + n %% %(ending_count)s] AS ending
  FROM generate_series(1, %(count)s) n;
INSERT INTO cases_case
SELECT (jsonb_populate_record(pattern.kase, jsonb_build_object(
  'id', made.id, 'ref', 'RR-1999-' || lpad(made.n::text, 6, '0'), 'title', 'What of ' || made.words,
  'question', 'What does ' || made.words || ' mean for the agency?',
  'status', CASE WHEN made.decided THEN 'DECIDED' ELSE 'NEW' END,
  'decision_id', CASE WHEN made.decided THEN made.id END, 'opened_at', made.at, 'asked_on', made.at::date,
  'due_at', made.at + interval '30 days', 'entry_seq', %(entries)s))).*
FROM made, pattern;
INSERT INTO cases_case_vendors (case_id, vendor_id) SELECT id, 1 + n %% %(vendors)s FROM made;
INSERT INTO cases_exhibit SELECT (jsonb_populate_record(pattern.exhibit, jsonb_build_object(
  'id', made.id, 'case_id', made.id))).*
FROM made, pattern;
INSERT INTO cases_finding SELECT (jsonb_populate_record(pattern.finding, jsonb_build_object(
  'id', made.id, 'case_id', made.id, 'risk_area', made.area, 'written_at', made.at))).*
FROM made, pattern;
INSERT INTO cases_finding_exhibits (finding_id, exhibit_id) SELECT id, id FROM made;
INSERT INTO cases_decision SELECT (jsonb_populate_record(pattern.decision, jsonb_build_object(
  'id', made.id, 'case_id', made.id, 'disposition', made.ending, 'title', '',
  'submitted_at', made.at, 'approved_at', made.at))).*
FROM made, pattern WHERE made.decided;
INSERT INTO audit_entry (uuid, xact, kind, recorded_at, actor_id, verb, subject_type, subject_id, seq, header)
SELECT gen_random_uuid(), '3'::xid8, 'act', made.at, e.actor_id, e.verb, 'case', made.id::text, g, e.header
FROM made, generate_series(1, %(entries)s) g, (SELECT * FROM audit_entry WHERE verb = 'case.submit' LIMIT 1) e;
INSERT INTO audit_body (entry_id, salt, body) SELECT e.id, b.salt, b.body FROM audit_entry e,
  (SELECT b.* FROM audit_body b JOIN audit_entry o ON o.id = b.entry_id WHERE o.verb = 'case.submit' LIMIT 1) b
  WHERE e.subject_type = 'case' AND e.subject_id::bigint > %(base)s;
"""


def fill(size: int) -> tuple[int, int]:
    """Add so many cases, each with an exhibit, a finding and ten entries, most with a decision.

    Returns how many cases and entries there are then.
    """
    with psycopg.connect(url(database_name(), SUPERUSER), autocommit=True) as superuser:
        base = 10_000_000
        told = {"base": base, "count": size, "entries": ENTRIES, "vendors": VENDORS, "words": ",".join(WORDS)}
        told |= {
            "areas": array(AREAS),
            "area_count": len(AREAS),
            "endings": array(ENDINGS),
            "ending_count": len(ENDINGS),
        }
        for statement in FILL.split(";\n"):
            if statement.strip():
                superuser.execute(statement % told)
        for table in ("case", "exhibit", "finding", "decision"):
            superuser.execute(f"SELECT setval('cases_{table}_id_seq', (SELECT max(id) FROM cases_{table}))")
        superuser.execute("VACUUM ANALYZE")
        counted = superuser.execute("SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM audit_entry)")
        cases, entries = counted.fetchone() or (0, 0)
    connection.close()
    return int(cases), int(entries)


def array(words: tuple[str, ...]) -> str:
    """Words as an array in SQL."""
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]"
