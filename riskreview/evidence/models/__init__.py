"""Sources, documents with their snapshots, and what machines read in them."""

from .document import Announcement, Capture, Document, Snapshot
from .reading import Fingerprint, Mention, Origin, OriginLink, Salience, Story
from .source import Reliability, Source

__all__ = [
    "Announcement",
    "Capture",
    "Document",
    "Fingerprint",
    "Mention",
    "Origin",
    "OriginLink",
    "Reliability",
    "Salience",
    "Snapshot",
    "Source",
    "Story",
]
