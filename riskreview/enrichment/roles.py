"""What part a name plays where it stands: channel, modifier, source, agent, target or other. Pure."""

import re

from riskreview.enrichment import rules
from riskreview.enrichment.found import Role

_WINDOW, _NEAR = 60, 44
_AFTER = 60

_DATA = rules.load("linking")["roles"]
_CHANNELS = frozenset(_DATA["channels"])
_KEYS = (
    "channel_before",
    "not_a_channel",
    "post_before",
    "post_after",
    "modifier_after",
    "source_before",
    "source_after",
    "target_before",
    "target_after",
    "subject",
)
_RULES = {key: rules.pattern(_DATA[key], f"linking.toml [roles] {key}") for key in _KEYS}
_POSSESSIVE = re.compile(r"['’]s\b|['’](?=\s)")


def role(text: str, start: int, end: int, name: str = "") -> Role:
    """The role of the name at [start, end), by the first rule that holds in the order of the types.

    `name` is the name as it is registered: some are places where things are said. A name that something is done to is
    no agent, though a verb or a possessive follows ("the ban on X is", "linked to X's growth").
    """
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _AFTER]
    if name in _CHANNELS and _is_channel(before, after):
        return "CHANNEL"
    if _RULES["modifier_after"].match(after):
        return "MODIFIER"
    near = before[-_NEAR:]
    if _RULES["source_before"].search(near) or _RULES["source_after"].match(after):
        return "SOURCE"
    if _RULES["target_before"].search(near) or _RULES["target_after"].match(after):
        return "TARGET"
    return "AGENT" if is_possessive(after) or is_subject(after) else "OTHER"


def is_possessive(after: str) -> bool:
    """True when a name owns what follows it."""
    return bool(_POSSESSIVE.match(after))


def is_subject(after: str) -> bool:
    """True when a name is the subject of the verb that follows it."""
    return bool(_RULES["subject"].match(after))


def _is_channel(before: str, after: str) -> bool:
    if _RULES["not_a_channel"].search(before):
        return False
    if _RULES["channel_before"].search(before):
        return True
    return bool(_RULES["post_before"].search(before) and _RULES["post_after"].match(after))
