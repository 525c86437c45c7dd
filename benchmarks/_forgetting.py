"""A person is forgotten: neither name nor address is anywhere, and every proof holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import _story
from benchmarks._findings import Finding, audit_holds, auditor_holds, plain
from benchmarks._product import ROOT
from benchmarks._scene import Scene
from benchmarks._stage import SUPERUSER, Copy, url

NAMES = (_story.FORGOTTEN_NAME, _story.FORGOTTEN, _story.FORGOTTEN_ADDRESS)
ERASE = ("erase", _story.FORGOTTEN, "--by", _story.KEEPER, "--basis", "GDPR Article 17(1)(a)", "--yes")


def forgotten(scene: Scene) -> Iterator[Finding]:
    """Before, the database and a bundle name the person; after, nothing does."""
    with scene.stage.copy() as copy:
        before = dump(copy)
        yield from dumped("before: pg_dump names the person", before, wanted=True)
        # A bundle never holds addresses: they are in the trace, which stays here.
        found = named_in(scene.full)
        yield plain("before: so does a bundle", f"{len(found)} of {len(NAMES)}", ", ".join(found), len(found) == 2)
        said = copy.manage(*ERASE)
        yield plain("manage.py erase --yes", f"exit {said.status}", said.line("are erased"), said.status == 0)
        yield from dumped("pg_dump of the whole database", dump(copy), wanted=False)
        bundle = copy.export(_story.AUDITOR)
        yield auditor_holds("a new bundle verifies", scene.stage, bundle, "--known", scene.kept, *scene.with_witness)
        found = named_in(bundle)
        yield plain("a new bundle names the person", f"{len(found)} times", ", ".join(found) or "nowhere", not found)
        yield audit_holds("verify_audit", copy, "The record holds.")
        found = searched(copy)
        yield plain("search finds", f"{len(found)} rows", ", ".join(found) or "nothing", not found)


def held(scene: Scene) -> Iterator[Finding]:
    """A legal hold on the person wins, and nothing is half done."""
    with scene.stage.copy() as copy:
        subject = f"user:{identity(copy)}"
        copy.manage("ledger", "hold", subject, "--by", _story.KEEPER, "--reason", "Proceeding 25-2")
        said = copy.manage(*ERASE)
        blocked = said.status == 1 and said.says("under a legal hold")
        yield plain("under a legal hold", f"exit {said.status}", said.line("legal hold"), blocked)
        with copy.inside():
            there = _story.person(_story.FORGOTTEN).name == _story.FORGOTTEN_NAME
        yield plain("nothing was erased by halves", "still there", _story.FORGOTTEN_NAME, there)


def identity(copy: Copy) -> str:
    """The person's UUID."""
    with copy.inside():
        return str(_story.person(_story.FORGOTTEN).pk)


def dump(copy: Copy) -> str | None:
    """The whole database as SQL, or None where no `pg_dump` fits the server."""
    beside = sorted((ROOT / ".local").glob("wheels-*/postgresql/bin/pg_dump"))
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    for program in [*beside, shutil.which("pg_dump")]:
        if program:
            command = [str(program), url(copy.name, SUPERUSER)]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode == 0:
                return done.stdout
    return None


def dumped(deed: str, text: str | None, *, wanted: bool) -> Iterator[Finding]:
    """Whether a dump names the person; a machine without `pg_dump` skips it, and says so."""
    if text is None:
        yield plain(deed, "skipped", "no pg_dump here fits the server", True)
        return
    found = [name for name in NAMES if any(form in text.lower() for form in forms(name))]
    holds = len(found) == (len(NAMES) if wanted else 0)
    yield plain(
        deed, f"{len(found)} of {len(NAMES)}", ", ".join(found) or f"nowhere in {len(text):,} characters", holds
    )


def forms(name: str) -> Iterator[str]:
    """How a name may stand in a dump: as it is, as the bytes of a body are written, and as base64 would be."""
    yield name.lower()
    yield name.encode().hex()
    # Base64 depends on the place in its group of three bytes; its middle is the same for one of three offsets.
    for offset in range(3):
        coded = b64encode(b"x" * offset + name.encode()).decode()
        yield coded[4 if offset else 0 : -4].lower()


def named_in(bundle: Path) -> list[str]:
    """Which of the names stand in a bundle, its base64 opened."""
    data = b"\n".join(path.read_bytes() for path in sorted(bundle.rglob("*")) if path.is_file())
    for path in bundle.rglob("*.jsonl"):
        data += b"\n".join(opened(json.loads(line)) for line in path.read_bytes().splitlines())
    return [name for name in NAMES if name.lower().encode() in data.lower()]


def opened(line: dict[str, Any]) -> bytes:
    """The bytes that a line of a bundle holds."""
    return b" ".join(b64decode(line[key]) for key in ("header", "body") if key in line)


def searched(copy: Copy) -> list[str]:
    """What the search, the audit page's search and the list of people find."""
    from riskreview.accounts.erasing import still_named
    from riskreview.accounts.models import User
    from riskreview.audit.models import Entry
    from riskreview.web import audit, search

    with copy.inside():
        auditor, found = _story.person(_story.AUDITOR), []
        for words in (*NAMES, *_story.FORGOTTEN_NAME.split()):
            found += [str(row) for group in search.groups(words, auditor) for row in group["rows"]]
            found += [str(row) for row in audit.saying(Entry.objects.visible_to(auditor), words)]
            found += [str(row) for row in User.objects.filter(name__icontains=words)]
        found += [f"{model} {key} {column}" for model, key, column in still_named(NAMES)]
    return found
