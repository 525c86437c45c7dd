"""Sources, documents with their snapshots, and what machines read in them."""

from .change import Change
from .companion import Companion
from .document import Announcement, Capture, Document, page_key
from .host import Host, Turn
from .reading import Fingerprint, Mention, Origin, OriginLink, Salience, Story
from .snapshot import Snapshot
from .source import Reliability, Retention, Source
from .trial import Trial
from .visit import Answer, Visit

__all__ = [
    "Announcement",
    "Answer",
    "Capture",
    "Change",
    "Companion",
    "Document",
    "Fingerprint",
    "Host",
    "Mention",
    "Origin",
    "OriginLink",
    "Reliability",
    "Retention",
    "Salience",
    "Snapshot",
    "Source",
    "Story",
    "Trial",
    "Turn",
    "Visit",
    "page_key",
]
