"""Kill workers with SIGKILL while they digest: every document is digested exactly once, none is lost."""

from __future__ import annotations

import os
import random
import sys
import time

from benchmarks import _product, _report

# A trigger counts each time a document becomes digested: the effect itself, not what a worker says of it.
COUNTER = """
CREATE TABLE faults_effect (document_id bigint, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION faults_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO faults_effect (document_id) VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER faults_count AFTER UPDATE OF digested_at ON evidence_document FOR EACH ROW
  WHEN (OLD.digested_at IS NULL AND NEW.digested_at IS NOT NULL) EXECUTE FUNCTION faults_count();
"""
SHORT = {"OFFER_SECONDS": "6", "RUN_SECONDS": "9", "SWEEP_SECONDS": "1", "SOFT_SHUTDOWN_SECONDS": "2"}


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    documents, kills = (400, 12) if chosen.full else (100, 4)
    report = _report.Report("faults_digest", {"documents": documents, "kills": kills, "seed": chosen.seed})
    _product.set_up(**SHORT)
    set_the_table(random.Random(chosen.seed), documents)
    caught, seconds = attack(documents, kills)
    check(report, documents, kills, caught, seconds)
    return report.end()


def set_the_table(rng: random.Random, documents: int) -> None:
    """Vendors, a case, and documents that wait to be digested."""
    from django.db import connection

    from riskreview.cases.models import Case
    from riskreview.vendors.models import Vendor

    lead, _ = _product.people()
    vendors = [Vendor.objects.register(by=lead, canonical_name=name) for name in _product.NAMES]
    question = "What do officials say about security and data of the company, and which order or notice was given?"
    Case.objects.open(by=lead, title="DeepSeek: security", question=question, requester="Desk", vendors=vendors[:1])
    _product.hold_documents(rng, documents, sentences=400)
    with connection.cursor() as cursor:
        cursor.execute(COUNTER)


def attack(documents: int, kills: int) -> tuple[int, float]:
    """Work them off while killing the digesting worker. Returns the runs cut off, and the seconds it took in all."""
    begun = time.monotonic()
    steady = [_product.beat(), _product.worker("tick", "tick", slots=1)]
    digesting = _product.worker("digest", "digest", slots=2)
    caught: set[object] = set()
    try:
        for kill in range(1, kills + 1):
            wait_for_effects(documents * kill // (kills + 2))
            caught |= running()
            digesting.kill()
            digesting = _product.worker("digest", "digest", slots=2)
        wait_for_effects(documents)
    finally:
        for group in (digesting, *steady):
            group.stop()
    return len(caught), time.monotonic() - begun


def wait_for_effects(count: int, patience: float = 150) -> None:
    """Wait until so many documents were digested and, before the end, one is being digested."""
    from riskreview.evidence.models import Document

    until = time.monotonic() + patience
    while time.monotonic() < until:
        done = Document.objects.read().count()
        if done >= count and (running() or not Document.objects.all().left().exists()):
            return
        time.sleep(0.02)


def running() -> set[object]:
    """The leases of the documents that a worker holds at this moment: started, and not over."""
    from django.db.models.functions import Now

    from riskreview.evidence.models import Document

    held = Document.objects.filter(attempts__gt=0, lease_until__gt=Now(), digested_at=None)
    return set(held.values_list("lease", flat=True))


def check(report: _report.Report, documents: int, kills: int, caught: int, seconds: float) -> None:
    """What must hold at the end."""
    from django.db import connection
    from django.db.models import Count

    from riskreview.cases.models import Suggestion
    from riskreview.evidence.models import Document, Mention

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT document_id) FROM faults_effect")
        effects, distinct = cursor.fetchone()
    doubled = Mention.objects.values("snapshot", "start").annotate(n=Count("pk")).filter(n__gt=1).count()
    pairs = Suggestion.objects.values("case", "document").annotate(n=Count("pk")).filter(n__gt=1).count()
    left, leased = Document.objects.all().left().count(), Document.objects.exclude(lease=None).count()
    report.row("worker groups killed with SIGKILL", kills)
    report.row("runs cut off by a kill", caught, must="at least 1", holds=caught >= 1)
    report.row("documents", documents)
    report.row("times a document became digested", effects, must=f"= {documents}", holds=effects == documents)
    report.row("different documents digested", distinct, must=f"= {documents}", holds=distinct == documents)
    report.row("documents left undone", left, must="= 0", holds=left == 0)
    report.row("documents given up", Document.objects.all().dead().count(), must="= 0",
               holds=not Document.objects.all().dead().exists())  # fmt: skip
    report.row("leases left", leased, must="= 0", holds=leased == 0)
    report.row("mentions", Mention.objects.count(), must="> 0", holds=Mention.objects.exists())
    report.row("doubled mentions or suggestions", doubled + pairs, must="= 0", holds=doubled + pairs == 0)
    report.row("seconds from first start to last document", seconds, "s", must="< 170", holds=seconds < 170)


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "faults-only")
    sys.exit(main())
