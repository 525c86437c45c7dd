"""The sections of a case's page: each tells its part of what is loaded once for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import board, clocks, effects, hearing, procedure, record, rows, together

if TYPE_CHECKING:
    from ..dossier import Dossier

SECTIONS = {
    "procedure": procedure.load,
    "clocks": clocks.load,
    "hearing": hearing.load,
    "board": board.load,
    "effects": effects.load,
    "together": together.load,
    "record": record.load,
}


def load(dossier: Dossier) -> dict[str, dict[str, Any]]:
    """What every section shows, by its name."""
    rows.load(dossier.case, is_signed=any(each.approved_at for each in dossier.decisions))
    return {name: section(dossier) for name, section in SECTIONS.items()}
