"""What must hold after the chaos: each effect once, no lease left, and poison given up, shown, and read when cured."""

from __future__ import annotations

from typing import Any

from benchmarks import _collection, _report

# Triggers count the effects themselves, not what a worker says of them.
COUNTERS = """
CREATE TABLE faults_effect (what text, row_id bigint, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION faults_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO faults_effect (what, row_id) VALUES (TG_ARGV[0], (to_jsonb(NEW) ->> TG_ARGV[1])::bigint);
  RETURN NULL;
END $$;
"""
TRIGGERS = {
    "digested": (
        "evidence_document",
        "UPDATE OF digested_at",
        "id",
        "OLD.digested_at IS NULL AND NEW.digested_at IS NOT NULL",
    ),
    "captured": ("evidence_snapshot", "INSERT", "document_id", "TRUE"),
    "read": ("evidence_visit", "UPDATE OF read_at", "id", "OLD.read_at IS NULL AND NEW.read_at IS NOT NULL"),
}
ATTEMPTS = """
CREATE TABLE faults_start (row_id bigint, attempts int);
CREATE FUNCTION faults_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO faults_start VALUES (NEW.id, NEW.attempts); RETURN NULL; END $$;
CREATE TRIGGER faults_start AFTER UPDATE OF attempts ON evidence_document FOR EACH ROW
  WHEN (NEW.attempts > OLD.attempts AND NOT NEW.fetch_wanted) EXECUTE FUNCTION faults_start();
"""


def count_effects() -> None:
    """Begin to count."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        for what, (table, event, column, when) in TRIGGERS.items():
            cursor.execute(
                f"CREATE TRIGGER faults_{what} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) "
                f"EXECUTE FUNCTION faults_count('{what}', '{column}')"
            )
        cursor.execute(ATTEMPTS)


def counted(what: str) -> tuple[int, int]:
    """How often it happened, and to how many different rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT row_id) FROM faults_effect WHERE what = %s", [what])
        times, rows = cursor.fetchone()
    return times, rows


def wait_for_share(share: float, sites: int, items: int) -> None:
    """Until so much of all the work was done, captures and readings counted alike; half a minute at most."""
    wanted = share * (2 * sites * items + sites)
    _collection.wait_until(lambda: sum(counted(what)[0] for what in TRIGGERS) >= wanted, 30, each=0.05)


def running() -> set[object]:
    """The leases that workers hold at this moment."""
    from django.db.models.functions import Now

    from riskreview.evidence.models import Document, Visit

    return {
        lease
        for rows in (Document, Visit)
        for lease in rows.objects.filter(attempts__gt=0, lease_until__gt=Now()).values_list("lease", flat=True)
    }


def is_over(drill: Any) -> bool:
    """Whether nothing is left to do but what was given up."""
    from riskreview.evidence.models import Document, Visit

    held = Document.objects.count() == len(drill.sources) * drill.items
    left = [*Document.objects.all().left()[:1], *Visit.objects.left()[:1]]
    return held and not left and Document.objects.dead().count() >= 1


def effects(report: _report.Report, drill: Any) -> None:
    """Each effect once, and nothing left."""
    from riskreview.cases.models import Suggestion
    from riskreview.evidence.models import Document, Mention, Snapshot, Visit

    documents, bad = len(drill.sources) * drill.items, 3
    blows = [blow for blow, _ in drill.done]
    pieces = 2 * documents + 2 * len(drill.sources)
    report.row("pieces of work", pieces, must=">= 600", holds=pieces >= 600)
    for blow, words, least in (("kill", "whole hosts killed with SIGKILL", 7), ("broker", "broker killed", 2),
                               ("flush", "broker emptied", 1), ("freeze", "broker frozen", 1)):  # fmt: skip
        report.row(words, blows.count(blow), must=f">= {least}", holds=blows.count(blow) >= least)
    report.row("runs that were under way when a blow fell", len(drill.caught), must=">= 1", holds=bool(drill.caught))
    for what, wanted in (("captured", documents), ("digested", documents - bad), ("read", len(drill.sources))):
        times, rows = counted(what)
        report.row(f"{what}: effects", times, must=f"= {wanted}", holds=times == wanted)
        report.row(f"{what}: different rows", rows, must=f"= {wanted}", holds=rows == wanted)
    for words, rows, by in (
        ("mentions", Mention.objects, ("snapshot", "start", "end")),
        ("suggestions", Suggestion.objects, ("case", "document")),
        ("captures", Snapshot.objects, ("document", "raw_sha256")),
    ):
        doubled = twice(rows, by)
        report.row(f"{words}: {rows.count():,}, doubled", doubled, must="= 0", holds=doubled == 0)
    left = [Document.objects.all().left().count(), Visit.objects.left().count()]
    report.row("pieces left undone", sum(left), must="= 0", holds=not any(left))
    leased = Document.objects.exclude(lease=None).count() + Visit.objects.exclude(lease=None).count()
    report.row("leases left", leased, must="= 0", holds=leased == 0)
    report.row("seconds from due to done", drill.seconds, "s")


def twice(rows: Any, by: tuple[str, ...]) -> int:
    """How many are there more than once."""
    from django.db.models import Count

    return int(rows.values(*by).annotate(n=Count("pk")).filter(n__gt=1).count())


def poison(report: _report.Report, drill: Any) -> None:
    """Given up after five starts, with a reason on a page; read once it is cured and somebody tries again."""
    from django.db import connection

    from riskreview.evidence.models import Document

    dead = list(Document.objects.dead())
    report.row("given up", len(dead), must="= 3", holds=len(dead) == 3)
    with connection.cursor() as cursor:
        ids = [each.pk for each in dead]
        cursor.execute("SELECT count(*) FROM faults_start WHERE row_id = ANY(%s) GROUP BY row_id", [ids])
        starts = sorted(row[0] for row in cursor.fetchall())
    report.row("times each was started", str(starts), must="[5, 5, 5]", holds=starts == [5, 5, 5])
    shown = shows(drill, dead)
    report.row("their reason stands on a page", shown, must="words", holds=bool(shown))
    drill.switch.unlink()
    for each in dead:
        each.retry(by=drill.lead)
    _collection.wait_until(lambda: not Document.objects.all().left().exists(), 60)
    read = Document.objects.filter(pk__in=ids).exclude(digested_at=None).count()
    report.row("cured and tried again: read", read, must="= 3", holds=read == 3)


def shows(drill: Any, dead: list[Any]) -> str:
    """The reason of those given up, where the page of what needs a person says it."""
    reasons = {each.last_error for each in dead}
    status, page = drill.web.ask("/work/", headers={"Cookie": drill.visitors.cookie})
    said = status == 200 and all(reason and reason.encode() in page for reason in reasons)
    return ", ".join(sorted(reasons)) if said else ""


def reasons_given() -> list[str]:
    """The reasons of all grades in the record that the drill gave."""
    from riskreview.audit.models import Entry

    entries = Entry.objects.filter(verb="source.grade").select_related("body")
    told = [str(entry.private.get("reason") or "") for entry in entries]
    return [reason for reason in told if reason.startswith("drill-")]
