"""`manage.py explain FILE`: everything that is read out of a text, with reasons, and the cases it may matter to."""

from __future__ import annotations

import argparse
import json
import mimetypes
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from riskreview.cases.models import Case
from riskreview.enrichment import ranking, watched
from riskreview.enrichment.analysis import analyse, pipeline_version
from riskreview.enrichment.categories import CATEGORIES, spoken_of
from riskreview.enrichment.explained_text import told
from riskreview.enrichment.explaining import Explained
from riskreview.enrichment.extract import NotText, extract
from riskreview.enrichment.extracted import Extracted
from riskreview.enrichment.names import gazetteer
from riskreview.enrichment.prepared import CaseProfile, read
from riskreview.enrichment.scoring import SHIPPED, SHIPPED_BANDS, Bands, Weights
from riskreview.enrichment.shipped_names import shipped_names
from riskreview.enrichment.vectors import Background, shipped_background
from riskreview.vendors.matching import Gazetteer
from riskreview.vendors.models import Vendor


@dataclass(frozen=True, slots=True)
class Rules:
    """With what a text is read: names, how common words are, weights, and the vendors' numbers by slug."""

    gazetteer: Gazetteer
    numbers: Mapping[str, int]
    background: Background
    weights: Weights
    bands: Bands


class Command(BaseCommand):
    """Read one file and show the whole analysis. Nothing is stored."""

    help = "Show all that is read out of a text, page, PDF or Word file: names, claims, risks, and the cases it fits."
    requires_system_checks: list[str] = []  # with --shipped there need not be a database

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, and against what it is held."""
        parser.add_argument("file", metavar="FILE", help="a path, or - for plain text from the standard input")
        parser.add_argument("--title", default="", help="the headline, if the file does not say it")
        parser.add_argument("--json", action="store_true", help="as JSON (docs/enrichment.md, Explain)")
        parser.add_argument("--shipped", action="store_true", help="with the shipped names; needs no database")
        parser.add_argument(
            "--cases", metavar="FILE.json", help="cases to hold it against: id, title, summary, vendors, categories"
        )

    def handle(self, *, file: str, title: str, json: bool, shipped: bool, cases: str | None, **_: Any) -> None:
        """Read, hold against the cases, and print."""
        rules = shipped_rules() if shipped else installed_rules()
        profiles = given_cases(Path(cases), rules.numbers) if cases else [] if shipped else open_cases()
        text = extracted(file)
        values = explained(title or text.title, text.text, profiles, rules).values()
        self.stdout.write(as_json(values) if json else "\n".join(told(values)))


def shipped_rules() -> Rules:
    """What the product is shipped with."""
    shipped = shipped_names()
    return Rules(shipped.gazetteer, shipped.numbers, shipped_background(), SHIPPED, SHIPPED_BANDS)


def installed_rules() -> Rules:
    """What this installation uses today."""
    numbers = dict(Vendor.objects.values_list("slug", "pk"))
    names = gazetteer(timezone.now().date())
    return Rules(names, numbers, watched.background(), watched.weights(), watched.bands())


def explained(title: str, text: str, profiles: list[CaseProfile], rules: Rules) -> Explained:
    """A text, read and held against cases; the best first."""
    analysis = analyse(title, text, rules.gazetteer)
    reading = read(
        title,
        text,
        analysis.names.mentions,
        rules.background,
        title_found=analysis.title_found,
        spans=analysis.spans,
        spoken=analysis.counting,
    )
    suggest = partial(ranking.suggest, background=rules.background, weights=rules.weights, bands=rules.bands)
    scored = [(case, suggest(reading, case)) for case in profiles]
    ranked = sorted(scored, key=lambda pair: -pair[1].score)
    slugs = {number: slug for slug, number in rules.numbers.items()}
    return Explained(analysis, reading.salience, ranked, slugs, versions(rules))


def versions(rules: Rules) -> dict[str, str]:
    """What the analysis depends on."""
    return {
        "pipeline": pipeline_version(),
        "gazetteer": rules.gazetteer.version,
        "score": ranking.VERSION,
        "weights": rules.weights.version,
        "background": rules.background.version,
    }


def extracted(file: str) -> Extracted:
    """The text of a file. Raises `CommandError` when it cannot be read."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return extract(raw, content_type="text/plain" if file == "-" else mimetypes.guess_type(file)[0] or "")
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}") from error
    except NotText as error:
        raise CommandError(f"{file}: {error.reason}") from error


def open_cases() -> list[CaseProfile]:
    """The cases that are watched, called by their references."""
    cases = list(Case.objects.watching().prefetch_related("vendors").order_by("pk"))
    return [replace(made, id=case.ref) for case, made in zip(cases, watched.profiles(cases), strict=True)]


def given_cases(path: Path, numbers: Mapping[str, int]) -> list[CaseProfile]:
    """The cases of a file: a list, or an object with one called "cases". Raises `CommandError` for what they lack."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: {error}") from error
    entries = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise CommandError(f"{path}: there is no list of cases in it.")
    return [given_case(entry, numbers, f"{path}, case {number}") for number, entry in enumerate(entries, start=1)]


def given_case(entry: Any, numbers: Mapping[str, int], where: str) -> CaseProfile:
    """One case of a file. Categories that are not given are those its question speaks of."""
    if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
        raise CommandError(f"{where}: a case has a title, and may have id, summary, vendors and categories.")
    vendors, summary = entry.get("vendors", []), entry.get("summary", "")
    if strange := [slug for slug in vendors if slug not in numbers]:
        raise CommandError(f"{where}: no vendor on the register is called {', '.join(map(str, strange))}.")
    asked = entry.get("categories", list(spoken_of(f"{entry['title']}. {summary}")))
    if strange := [key for key in asked if key not in CATEGORIES]:
        raise CommandError(f"{where}: there is no kind of risk called {', '.join(map(str, strange))}.")
    about = frozenset(numbers[slug] for slug in vendors)
    return CaseProfile(entry.get("id", entry["title"]), entry["title"], summary, about, frozenset(asked))


def as_json(values: Mapping[str, Any]) -> str:
    """Values as JSON, in the order they have."""
    return json.dumps(values, ensure_ascii=False, indent=1)
