"""The base of all attacks: a history that was signed, witnessed and exported, and what an auditor kept of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import _story
from benchmarks._findings import Finding, audit_holds, auditor_finds, auditor_holds, plain
from benchmarks._stage import Stage
from benchmarks._witnesses import Witness


@dataclass
class Scene:
    """The stage, the witness, the bundles that were handed out, and the checkpoints an auditor kept from them."""

    stage: Stage
    witness: Witness
    early: Path
    full: Path
    case: Path

    @property
    def kept(self) -> Path:
        """The newest checkpoint, with its cosignature."""
        return self.full / "logs/1/checkpoint.txt"

    @property
    def kept_early(self) -> Path:
        """One from before the second chapter."""
        return self.early / "logs/1/checkpoint.txt"

    @property
    def size(self) -> int:
        """How many entries the newest checkpoint covers."""
        return size_of(self.kept)

    @property
    def with_witness(self) -> tuple[str, ...]:
        """The options of an auditor who knows the witness's key."""
        return "--witness", self.witness.vkey

    @property
    def quorum(self) -> tuple[str, ...]:
        """The options of an auditor who asks for its signature."""
        return *self.with_witness, "--quorum", "1"


def size_of(checkpoint: Path) -> int:
    """How many entries a checkpoint covers."""
    return int(checkpoint.read_text().splitlines()[1])


def build() -> Scene:
    """The whole history, and what was put aside at three moments: unsigned, early, base."""
    stage = Stage.set_up()
    _story.first_chapter()
    close()
    stage.keep("unsigned")
    sign(stage)
    witness = Witness(stage.folder / "witness", stage.vkey)
    try:
        early = witnessed_export(stage, witness)
        stage.keep("early")
        _story.second_chapter()
        close()
        sign(stage)
        case = witnessed_export(stage, witness, "export_case", case_ref())
        full = witnessed_export(stage, witness)
        stage.keep("base")
    except BaseException:
        witness.stop()
        stage.clear()
        raise
    return Scene(stage, witness, early, full, case)


def sign(stage: Stage) -> None:
    """Let the notary order and sign what there is."""
    said = stage.base.manage("notary", "--once")
    if said.status:
        raise RuntimeError(f"the notary does not sign: {said.words}")


def witnessed_export(stage: Stage, witness: Witness, *what: str) -> Path:
    """A bundle, while workers carry checkpoints to the witness."""
    with witness.carrying(stage.base):
        settings = {"WITNESSES": f"{witness.vkey} {witness.url}"}
        return stage.base.export(_story.AUDITOR, *what, **settings)


def case_ref() -> str:
    """The decided case."""
    from riskreview.cases.models import Case

    ref = str(Case.objects.exclude(decision=None).order_by("pk")[0].ref)
    close()
    return ref


def close() -> None:
    """No connection to the base is left, so that it can be copied."""
    from django.db import connection

    connection.close()


def untouched(scene: Scene) -> Iterator[Finding]:
    """Nothing is attacked, and every detector is content."""
    stage = scene.stage
    yield audit_holds("the base", stage.base, "The record holds.")
    yield auditor_holds("full bundle, key alone", stage, scene.full)
    yield auditor_holds("full bundle, quorum 1, known", stage, scene.full, *scene.quorum, "--known", scene.kept_early)
    yield auditor_holds("case bundle, quorum 1, known", stage, scene.case, *scene.quorum, "--known", scene.kept_early)
    status, said = scene.witness.post(scene.size, own_note(scene.kept))
    yield plain("the witness, asked again for the same", f"witness {status}", said, status == 200)
    damaged = stage.folder / "damaged"
    flip(scene.full, damaged)
    yield auditor_finds("one bit of a bundle", stage, damaged, "files")


def own_note(checkpoint: Path) -> str:
    """A checkpoint with the log's own signature alone, as it is carried to witnesses."""
    text, _, signatures = checkpoint.read_text().partition("\n\n")
    return f"{text}\n\n{signatures.splitlines(keepends=True)[0]}"


def flip(bundle: Path, target: Path) -> None:
    """A copy of a bundle with one bit flipped in its bodies."""
    shutil.copytree(bundle, target)
    data = bytearray((target / "bodies.jsonl").read_bytes())
    data[len(data) // 2] ^= 1
    (target / "bodies.jsonl").write_bytes(bytes(data))
