"""Cases, what they rest on, and what was decided."""

from .case import VERBS, Case, Priority
from .decision import Authorship, Decision, Disposition
from .exhibit import Credibility, Exhibit, Stance
from .finding import Confidence, Finding, Likelihood, RiskArea
from .flag import Flag, resting
from .search import Search
from .suggestion import Suggestion
from .weights import MatchWeights

__all__ = [
    "VERBS",
    "Authorship",
    "Case",
    "Confidence",
    "Credibility",
    "Decision",
    "Disposition",
    "Exhibit",
    "Finding",
    "Flag",
    "Likelihood",
    "MatchWeights",
    "Priority",
    "RiskArea",
    "Search",
    "Stance",
    "Suggestion",
    "resting",
]
