"""A slow site and a dead one among fifty: the others are served as if those two were not there."""

from __future__ import annotations

import datetime
import html
import itertools
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import _collection, _product, _report
from benchmarks._newsserver import Newsroom
from benchmarks._stage import SUPERUSER, database_name, owner, url

SITES, SLOW, DEAD = 50, 48, 49
GOOD = range(48)
# The gap stays at its default of a second: what is measured is who waits for whom.
SHORT = {"SWEEP_SECONDS": "1", "BACKOFF_SECONDS": "0.5", "LOG_LEVEL": "WARNING", "HOST_AT_ONCE": "2"}
WORSE = 1.10
# The turns as PostgreSQL gives them. The gap of a host stays the same here, so the next free turns are as far apart.
TURNS = """
CREATE TABLE faults_turn (host text, at timestamptz);
CREATE FUNCTION faults_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO faults_turn VALUES (NEW.name, NEW.next_at); RETURN NULL; END $$;
CREATE TRIGGER faults_turn AFTER UPDATE OF next_at ON evidence_host FOR EACH ROW EXECUTE FUNCTION faults_turn();
"""
CLOSEST = """
SELECT min(extract(epoch FROM apart)) FROM (
  SELECT at - lag(at) OVER (PARTITION BY host ORDER BY at) AS apart FROM faults_turn) gaps
"""


@dataclass(frozen=True)
class Run:
    """How long each good site waited until all its articles were held and fetched, in seconds; and what else showed."""

    delays: list[float]
    most_at_slow: int
    turns: float
    closest: float
    rests: bool = False
    reason: str = ""

    @property
    def p95(self) -> float:
        """The delay that 95 of 100 sites stay below."""
        return sorted(self.delays)[int(len(self.delays) * 0.95)]


def main() -> int:
    """Run it and report."""
    chosen = _report.arguments(__doc__)
    items = 30 if chosen.full else 14
    report = _report.Report("faults_hosts", {"sites": SITES, "items": items, "seed": chosen.seed})
    newsroom = Newsroom(SITES)
    newsroom.tell(items=items, count=160)
    _product.set_up(FETCH_ALLOW=newsroom.allowed, **SHORT)
    _collection.static_files()
    drill = Drill(newsroom, items, Path(tempfile.mkdtemp(prefix="riskreview-hosts-")))
    try:
        told(
            report, drill.run("good"), drill.run("spoilt", slow={"does": "slow", "seconds": 30}, dead={"does": "hang"})
        )
        sixteen(report, newsroom)
    finally:
        newsroom.close()
    return report.end()


class Drill:
    """One run after the other, each on tables of its own."""

    def __init__(self, newsroom: Newsroom, items: int, folder: Path) -> None:
        self.newsroom, self.items, self.folder = newsroom, items, folder
        self.base = database_name()
        from django.db import connection

        connection.close()

    def run(self, name: str, *, slow: dict[str, Any] | None = None, dead: dict[str, Any] | None = None) -> Run:
        """All sites become due at one moment, those two with articles that were named before."""
        self.fresh_tables(f"{self.base}_{name}")
        sources = self.register()
        workers = [
            _collection.worker("fetch@drill", "fetch", slots=8, folder=self.folder),
            _collection.worker("digest@drill", "digest", slots=1, folder=self.folder),
            _collection.worker("tick@drill", "tick", slots=1, folder=self.folder),
            _product.beat(),
        ]
        self.newsroom.tell(SLOW, **(slow or {"does": "answer"}))
        self.newsroom.tell(DEAD, **(dead or {"does": "answer"}))
        self.newsroom.tell(forget=True)
        try:
            time.sleep(8)  # the workers are up before anything is due
            begun = self.all_due()
            everything = _collection.wait_until(lambda: self.fetched(sources[:48]), 240)
            delays = self.delays(sources[:48], begun)
            rests, reason = self.at_rest(sources[DEAD], 150 if dead else 0)
        finally:
            for group in workers:
                group.stop()
        if not everything:
            sys.exit(f"Not all articles of the good sites were fetched; the workers' words are in {self.folder}.")
        seen = self.newsroom.ask(hits=True)
        gaps = [b - a for site in seen for a, b in itertools.pairwise(site["hits"])]
        return Run(delays, seen[SLOW]["most"], closest_turns(), min(gaps), rests, reason)

    def fresh_tables(self, name: str) -> None:
        """A database of its own for this run, for this process and for those it starts."""
        from django.db import connection

        connection.close()
        with psycopg.connect(url("postgres", SUPERUSER), autocommit=True) as superuser:
            superuser.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.base}" OWNER {owner()}')
        os.environ["DATABASE_URL"] = url(name)
        connection.settings_dict["NAME"] = name
        with connection.cursor() as cursor:
            cursor.execute(TURNS)

    def register(self) -> list[Any]:
        """The sources, and for the last two the articles that a feed has named before."""
        self.lead, _ = _product.people()
        _collection.vendors_and_cases(self.lead)
        sources = _collection.register(self.lead, self.newsroom.bases)
        from django.db import transaction

        from riskreview.evidence.models import Document

        with transaction.atomic():
            held = dict(list(zip(self.newsroom.bases, sources, strict=True))[48:])
            _collection.announce(held, range(self.items))
            Document.objects.update(not_before=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1))
        return sources

    def all_due(self) -> datetime.datetime:
        """The moment from which everything is due."""
        from riskreview.evidence.models import Document, Source

        now = datetime.datetime.now(datetime.UTC)
        Document.objects.update(not_before=now)
        Source.objects.update(not_before=now)
        return now

    def fetched(self, sources: list[Any]) -> bool:
        """Whether all articles of these sources are here."""
        from riskreview.evidence.models import Snapshot

        return Snapshot.objects.filter(document__source__in=sources).count() >= self.items * len(sources)

    def delays(self, sources: list[Any], begun: datetime.datetime) -> list[float]:
        """Seconds until the last article of each source was here."""
        from django.db.models import Max

        from riskreview.evidence.models import Snapshot

        rows = Snapshot.objects.filter(document__source__in=sources).values("document__source")
        return [(row["last"] - begun).total_seconds() for row in rows.annotate(last=Max("fetched_at"))]

    def at_rest(self, source: Any, patience: float) -> tuple[bool, str]:
        """Whether the source's host came to be left alone within so many seconds, and what the source says of it."""
        from django.db.models.functions import Now

        from riskreview.evidence.models import Host

        name = source.url.split("/")[2]
        rests = _collection.wait_until(
            lambda: Host.objects.filter(name=name, failures__gte=5, open_until__gt=Now()).exists(), patience, each=0.5
        )
        return rests, said_of(source, self.lead)


def said_of(source: Any, to: Any) -> str:
    """The sentence on the source's page that says it is left alone."""
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(to)
    page = client.get(source.get_absolute_url()).content.decode()
    return next(
        (html.unescape(words).strip() for words in re.split(r"<[^>]+>", page) if "left alone until" in words), ""
    )


def closest_turns() -> float:
    """The least time in seconds between two turns at one host."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(CLOSEST)
        return float(cursor.fetchone()[0])


def told(report: _report.Report, good: Run, spoilt: Run) -> None:
    """The rows of the comparison."""
    for words, run in (("all good", good), ("one slow, one dead", spoilt)):
        report.row(f"{words}: median delay of the 48", statistics.median(run.delays), "s")
        report.row(f"{words}: p95 of the 48", run.p95, "s")
        report.row(f"{words}: all articles of the 48 here", max(run.delays), "s")
        report.row(
            f"{words}: least time between two turns at a host", run.turns, "s", must=">= 1", holds=run.turns > 0.9999
        )
        # What lies between a turn and the site, a busy machine stretches for one request and not for the next.
        report.row(f"{words}: least time, as the sites saw it", run.closest, "s")
    for words, figure in (
        ("median", statistics.median(spoilt.delays) / statistics.median(good.delays)),
        ("p95", spoilt.p95 / good.p95),
        ("all", max(spoilt.delays) / max(good.delays)),
    ):
        report.row(
            f"times longer with a slow and a dead site, {words}", figure, "x", must=f"<= {WORSE}", holds=figure <= WORSE
        )
    most = spoilt.most_at_slow
    report.row("requests at once to the slow site, at most", most, must="<= 2", holds=0 < most <= 2)
    report.row("the dead site is left alone", "yes" if spoilt.rests else "no", must="yes", holds=spoilt.rests)
    report.row("its source says", spoilt.reason[:60], must="words", holds=bool(spoilt.reason))


FETCHERS, EACH, GAP = 16, 5, 0.05


def sixteen(report: _report.Report, newsroom: Newsroom) -> None:
    """Sixteen fetchers on one site with a gap of 50 ms, as PostgreSQL and as the site see them."""
    from django.conf import settings
    from django.db import connection

    from riskreview.evidence.models import Host

    settings.HOST_AT_ONCE, settings.HOST_GAP_SECONDS = FETCHERS, 0
    newsroom.tell(0, does="answer", count=2)
    newsroom.tell(forget=True)
    Host.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE faults_turn")
    threads = [threading.Thread(target=fetcher, args=(newsroom.bases[0],)) for _ in range(FETCHERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns, hits, asked = closest_turns(), newsroom.ask(hits=True)[0]["hits"], FETCHERS * EACH
    seen = sorted(later - earlier for earlier, later in itertools.pairwise(hits))
    words = f"{FETCHERS} fetchers, gap of 50 ms:"
    report.row(f"{words} requests the site saw", len(hits), must=f"= {asked}", holds=len(hits) == asked)
    report.row(f"{words} least time between two turns", turns * 1000, "ms", must=">= 50", holds=turns > GAP - 1e-5)
    mean = statistics.mean(seen)
    report.row(f"{words} mean time, as the site saw it", mean * 1000, "ms", must=">= 49", holds=mean >= 0.98 * GAP)
    report.row(f"{words} least time, as the site saw it", seen[0] * 1000, "ms")


def fetcher(base: str) -> None:
    """Fetch some articles, with manners."""
    from django.db import connection

    from riskreview.enrichment.manners import policy, politely
    from riskreview.lib.http import fetch
    from riskreview.lib.work import Postponed

    done = 0
    while done < EACH:
        try:
            with politely(gap=GAP, heed_robots=False) as manners:
                manners.heard(fetch(f"{base}/article/{done}", policy=policy(10**6), admit=manners.admit))
            done += 1
        except Postponed:
            time.sleep(GAP)
    connection.close()


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "faults-only")
    sys.exit(main())
