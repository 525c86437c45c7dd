"""Playbooks: a process as versioned data (docs/playbooks.md). Knows no rows, no clock, no settings."""

from __future__ import annotations

from riskreview.lib.datafile import Fault, Refused

from .comparing import Difference, differences
from .grammar import TABLES, Clock, Playbook, Stage
from .reading import from_plain, to_plain
from .shipped import Shipped, changed_since_release, every, faults_in, load, newest

__all__ = [
    "TABLES",
    "Clock",
    "Difference",
    "Fault",
    "Playbook",
    "Refused",
    "Shipped",
    "Stage",
    "changed_since_release",
    "differences",
    "every",
    "faults_in",
    "from_plain",
    "load",
    "newest",
    "to_plain",
]
