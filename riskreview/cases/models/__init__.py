"""Cases, what they rest on, and what was decided."""

from .allegation import Allegation, Says, Stand
from .batch import Batch, BatchItem
from .case import VERBS, Case, Priority
from .clock import Clock, Extension, Settled, Toll
from .closure import Closure
from .colleagues import Draft, Following, Presence
from .comment import Comment
from .consultation import Consultation, Standing
from .decision import Authorship, Decision, Disposition
from .effect import Action, Condition, Effect, Kept, TargetKind
from .exhibit import Credibility, Exhibit, SourceClass, Stance
from .finding import Confidence, Finding, Likelihood, RiskArea
from .flag import Flag, resting
from .inforce import Exemption, Publication
from .legal import LegalEvent, LegalStatus, Word
from .milestone import Milestone
from .playbook import Playbook
from .procedure import Output, Seat, Stage
from .release import Redaction, Release
from .search import Search
from .sheet import Answer, Sheet, Verdict
from .signature import Dossier, Meaning, Signature
from .submission import Consideration, Heard, Submission
from .suggestion import Suggestion
from .together import Link, Task, ToDo
from .watchcheck import WatchCheck
from .weights import MatchWeights

__all__ = [
    "VERBS",
    "Action",
    "Allegation",
    "Answer",
    "Authorship",
    "Batch",
    "BatchItem",
    "Case",
    "Clock",
    "Closure",
    "Comment",
    "Condition",
    "Confidence",
    "Consideration",
    "Consultation",
    "Credibility",
    "Decision",
    "Disposition",
    "Dossier",
    "Draft",
    "Effect",
    "Exemption",
    "Exhibit",
    "Extension",
    "Finding",
    "Flag",
    "Following",
    "Heard",
    "Kept",
    "LegalEvent",
    "LegalStatus",
    "Likelihood",
    "Link",
    "MatchWeights",
    "Meaning",
    "Milestone",
    "Output",
    "Playbook",
    "Presence",
    "Priority",
    "Publication",
    "Redaction",
    "Release",
    "RiskArea",
    "Says",
    "Search",
    "Seat",
    "Settled",
    "Sheet",
    "Signature",
    "SourceClass",
    "Stage",
    "Stance",
    "Stand",
    "Standing",
    "Submission",
    "Suggestion",
    "TargetKind",
    "Task",
    "ToDo",
    "Toll",
    "Verdict",
    "WatchCheck",
    "Word",
    "resting",
]
