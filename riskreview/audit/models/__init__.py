"""The record: entries, the log that orders them, and the ledger as a whole."""

from ..entries import Body, Entry, Trace, XidField
from ..recorded import Recorded
from .ledger import Ledger, LegalHold, Removal
from .log import Checkpoint, Cosignature, Leaf, Log, Pending, Tile
from .pulse import Pulse
from .verification import Verification

__all__ = [
    "Body",
    "Checkpoint",
    "Cosignature",
    "Entry",
    "Leaf",
    "Ledger",
    "LegalHold",
    "Log",
    "Pending",
    "Pulse",
    "Recorded",
    "Removal",
    "Tile",
    "Trace",
    "Verification",
    "XidField",
]
