"""`manage.py playbooks`: list the playbooks, print one as tables, or with `--check` say whether they are whole."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from riskreview.cases import playbook as playbooks
from riskreview.cases.checks import check_playbooks
from riskreview.cases.playbook import Playbook, Shipped, words
from riskreview.lib.datafile import words as as_words


class Command(BaseCommand):
    """List, print or check."""

    help = "List the playbooks, print the newest version of one, or check all of them and that none changed."
    requires_system_checks = ()  # it is how one looks at what a system check complains about

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which playbook, and in what form."""
        parser.add_argument("key", nargs="?", default="", help="the playbook to print; without it, all are listed")
        parser.add_argument("--check", action="store_true", help="print what is wrong with any of them, and fail")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *, key: str, check: bool, as_json: bool, **_: Any) -> None:
        """Print. Raises `CommandError` for an unknown key, and when a check finds something."""
        if check:
            self.stdout.write(checked())
        elif key:
            self.stdout.write(shown(found(key), as_json))
        else:
            self.stdout.write(listed(as_json))


def checked() -> str:
    """How many are whole. Raises `CommandError` with everything that is not."""
    if faults := check_playbooks(None):
        raise CommandError("\n".join(f"{each.msg} {each.hint}" for each in faults))
    return f"{len(playbooks.every())} playbooks are whole, and as they were released."


def found(key: str) -> Shipped:
    """The newest version of a playbook. Raises `CommandError`."""
    known = playbooks.newest()
    if key not in known:
        raise CommandError(f"There is no playbook “{key}”. There are: {', '.join(known)}.")
    return known[key]


def listed(as_json: bool) -> str:
    """All playbooks, newest versions, a line each."""
    newest = playbooks.newest().values()
    if as_json:
        return json.dumps([{**head(each), "file": each.file, "sha256": each.sha256} for each in newest], indent=2)
    rows = [(each.playbook.code, each.playbook.name, each.playbook.title, *counts(each.playbook)) for each in newest]
    return table(("code", "playbook", "title", "stages", "clocks", "dispositions", "not verified"), rows)


def head(shipped: Shipped) -> dict[str, Any]:
    """What stands above the rows of a playbook."""
    plain: dict[str, Any] = playbooks.to_plain(shipped.playbook)
    return {name: value for name, value in plain.items() if name not in playbooks.TABLES}


def counts(playbook: Playbook) -> tuple[str, ...]:
    """How much there is of each, as texts."""
    told = (playbook.stage, playbook.clock, playbook.disposition, words.unverified(playbook))
    return tuple(str(len(each)) for each in told)


def shown(shipped: Shipped, as_json: bool) -> str:
    """One playbook, whole."""
    playbook = shipped.playbook
    if as_json:
        told = {"file": shipped.file, "sha256": shipped.sha256, **playbooks.to_plain(playbook)}
        return json.dumps(told, indent=2, ensure_ascii=False)
    return "\n".join((*title(shipped), *(line for part in parts(playbook) for line in part)))


def title(shipped: Shipped) -> Iterator[str]:
    """Its name, what it rests on, and how old its text is."""
    playbook = shipped.playbook
    yield f"{playbook.title} ({playbook.code}, {playbook.name})"
    if playbook.note:
        yield playbook.note
    yield f"Authority: {'; '.join(playbook.authority) or 'none, it is self-set'}"
    yield f"Text as of {playbook.as_of}, calendar {playbook.calendar}, time zone {playbook.timezone}"
    if aged := words.aged(playbook.as_of, timezone.now().date()):
        yield aged
    yield f"SHA-256 {shipped.sha256}"


def parts(playbook: Playbook) -> Iterator[Iterable[str]]:
    """A heading and a table per kind of row."""
    yield section("Milestones", ("milestone", "per", "cite"), [(r.title, r.per, r.cite) for r in playbook.milestone])
    stages = [(r.title, r.phase, words.role(r.owner), ", ".join(r.next), "; ".join(r.requires)) for r in playbook.stage]
    yield section("Stages", ("stage", "phase", "owner", "leads to", "asks for"), stages)
    yield ("", "Clocks", *(line for clock in playbook.clock for line in clock_lines(playbook, clock)))
    asked = [(r.title, ", ".join(r.responses), words.SILENCES[r.silence]) for r in playbook.consultation]
    yield section("Consultations", ("consultation", "answers", "silence"), asked)
    replies = [(r.title, r.party, ", ".join(r.may_contain)) for r in playbook.reply]
    yield section("Replies", ("reply", "party", "may contain"), replies)
    lists = [(r.title, str(len(r.items)), r.catalogue) for r in playbook.checklist]
    yield section("Checklists", ("checklist", "lines", "catalogue"), lists)
    ways = [(r.title, r.group, ", ".join(r.needs), ", ".join(r.to)) for r in playbook.disposition]
    yield section("Dispositions", ("disposition", "group", "needs", "goes to"), ways)
    yield section("Not verified", ("where", "what"), words.unverified(playbook))


def clock_lines(playbook: Playbook, clock: playbooks.Clock) -> Iterator[str]:
    """A clock in words, with what it rests on."""
    cited = f" ({clock.cite})" if clock.cite else ""
    yield f"  {clock.title}: {words.sentence(playbook, clock)} {words.BASES[clock.basis]}{cited}."
    if told := " ".join(words.particulars(clock)):
        yield f"      {told}"


def section(name: str, columns: tuple[str, ...], rows: list[Any]) -> Iterator[str]:
    """A heading and its table; nothing where there are no rows."""
    if rows:
        yield from ("", name, table(columns, rows))


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Columns side by side, as wide as their widest cell."""
    every = [tuple(as_words(each) for each in columns), *rows]
    widths = [max(len(row[place]) for row in every) for place in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in every)
    return "\n".join(f"  {line}".rstrip() for line in lines)
