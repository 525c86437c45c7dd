"""What a stage asks for before it is left, and a disposition before it is proposed: decided from plain facts.

Each thing that is not there yet is one sentence that says what to do. The facts of a case are loaded by `Case.facts`
(models/known.py), in a fixed number of queries.
"""

from __future__ import annotations

from .checking import Unmet, Unready, asked_at, check_submission, held_back, unmet, unmet_needs
from .facts import Asked, Exhibit, Facts, Finding, FollowUp, Heard, Limit, Party

__all__ = [
    "Asked",
    "Exhibit",
    "Facts",
    "Finding",
    "FollowUp",
    "Heard",
    "Limit",
    "Party",
    "Unmet",
    "Unready",
    "asked_at",
    "check_submission",
    "held_back",
    "unmet",
    "unmet_needs",
]
