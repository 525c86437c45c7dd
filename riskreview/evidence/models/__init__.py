"""Sources, documents with their snapshots, and what machines read in them."""

from .change import Change
from .companion import Companion
from .document import Announcement, Capture, Document, page_key
from .host import Host, Turn
from .indexed import SearchText, unindexed
from .judgement import Judgement
from .origin import CommonWording, Fingerprint, Origin, OriginLink, Story, Telling, TellingTerm, Wording
from .origin_judgement import OriginJudgement
from .reading import Mention, Salience
from .snapshot import Snapshot
from .source import Reliability, Retention, Source
from .spancheck import SpanCheck
from .trial import Trial
from .understood import AgencyMention, Claim, Reading, Signal, UnknownName
from .visit import Answer, Visit
from .vocabulary import Term, Vocabulary

__all__ = [
    "AgencyMention",
    "Announcement",
    "Answer",
    "Capture",
    "Change",
    "Claim",
    "CommonWording",
    "Companion",
    "Document",
    "Fingerprint",
    "Host",
    "Judgement",
    "Mention",
    "Origin",
    "OriginJudgement",
    "OriginLink",
    "Reading",
    "Reliability",
    "Retention",
    "Salience",
    "SearchText",
    "Signal",
    "Snapshot",
    "Source",
    "SpanCheck",
    "Story",
    "Telling",
    "TellingTerm",
    "Term",
    "Trial",
    "Turn",
    "UnknownName",
    "Visit",
    "Vocabulary",
    "Wording",
    "page_key",
    "unindexed",
]
