"""The grammar of model names: what may follow a family's or a maker's name, and the one spelling of the whole. Pure."""

import re

_SIZE = r"\d{1,4}(?:\.\d)?[BbMm]\b|\d{1,2}x\d{1,3}[Bb]\b|A\d{1,3}[Bb]\b"
_TIER = (
    r"Max|Plus|Turbo|Pro|Ultra|Nano|Flash|[Mm]ini|Lite|Large|Small|Medium|Opus|Sonnet|Haiku|Instant|VL|Coder|Codex|"
    r"Math|Instruct|Chat|[Pp]review|Thinking|Distill|Omni|Vision|Nemo|Maverick|Scout|Heavy|Fast"
)
_LOWER_TIER = (
    r"max|plus|turbo|pro|ultra|nano|flash|lite|large|small|medium|mini|instruct|chat|coder|code|thinking|distill|oss|sonnet|opus|haiku|"
    r"instant|preview|latest|vl|next"
)
_SERIES = r"[RVKXT]\d(?:\.\d)?"
_NUMBER = r"\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?"
_NOT_A_COUNT = r"(?!\s?(?:%|per\s?cent|percent|million|billion|trillion|thousand|hundred)|[\d,.]\d)"
# After a tier a number is a version only when it cannot be a count: "Opus 4.1", "-2", never "Pro 12".
_AFTER_TIER = rf"(?:[- ]\d\.\d(?!\w){_NOT_A_COUNT}|-\d(?!\w))"
_TAIL = rf"(?:[- ](?:{_SIZE}|(?:{_TIER})\b{_AFTER_TIER}?|{_SERIES}\b)|-(?:{_LOWER_TIER})\b|-\d{{2,4}}\b|\+(?!\w))"
# After a product or family name: a version with optional tail ("2.5-Max", "-3.1-405B"), or a tier ("Sonnet").
_PRODUCT = rf"(?:[- ]?{_NUMBER}(?!\w){_NOT_A_COUNT}{_TAIL}{{0,4}}|{_TAIL}{{1,4}})(?!\w)"
# After a family name that is also a common word: one plain digit, a decimal, or a tier, never "27".
_WEAK_NUMBER = r"(?:\d\.\d{1,2}|\d)[a-z]?"
_WEAK = rf"(?:[- ]?{_WEAK_NUMBER}(?!\w){_NOT_A_COUNT}{_TAIL}{{0,4}}|{_TAIL}{{1,4}})(?!\w)"
# After a vendor name only what cannot be anything but a model: "-V3", " R1", " Coder", "-7B".
_VENDOR = rf"[- ](?:{_SERIES}\b|(?:Coder|Math|VL)\b|{_SIZE}){_TAIL}{{0,4}}(?!\w)"
# After a family written small, as interfaces call it: "claude-3-5-sonnet-20241022", "llama3.1:8b", "phi-3".
_FIRST = rf"-?v?\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?(?![\w,])|-(?:{_LOWER_TIER})(?![a-z])"
_SMALL = rf"(?:{_FIRST})(?:[-.:_][a-z\d]{{1,10}}){{0,8}}(?!\w)"
_WINDOW = 60

AFTER_PRODUCT, AFTER_WEAK_PRODUCT, AFTER_VENDOR, AFTER_SMALL = map(re.compile, (_PRODUCT, _WEAK, _VENDOR, _SMALL))
_FOLDED = {
    each: re.compile(each.pattern, re.IGNORECASE)
    for each in (AFTER_PRODUCT, AFTER_WEAK_PRODUCT, AFTER_VENDOR, AFTER_SMALL)
}
_FAMILY = re.compile(r"([^\W\d_]{2,20})(?=\d)")
_JOINTS = re.compile(r"[\s\-]+")


def version_end(pattern: re.Pattern[str], text: str, end: int, *, capitals: bool = False) -> int | None:
    """Where the version ends that follows a name ending at `end`; None when no version follows.

    `pattern` is one of AFTER_PRODUCT, AFTER_WEAK_PRODUCT, AFTER_VENDOR and AFTER_SMALL; `capitals` reads the line as
    written in capitals.
    """
    if text[end : end + 1] in _NO_VERSION:
        return None
    match = (_FOLDED[pattern] if capitals else pattern).match(text, end, end + _WINDOW)
    return match.end() if match else None


_NO_VERSION = frozenset(["", ".", ",", "'", "’", ")", "\n", ":", ";"])


def is_bare_digit(version: str) -> bool:
    """True when a version is one plain digit, which may as well count something: "Opus 9"."""
    return version.lstrip("- ").isdecimal() and len(version.lstrip("- ")) == 1


def product_key(surface: str, family: int | None = None) -> str:
    """One spelling for a product or model name: "Qwen 2.5-Max" and "Qwen2.5-Max" are `qwen-2.5-max`.

    `family` is the length of the family name at the start, after which a hyphen belongs; by default all the letters
    before a first digit.
    """
    if family is None:
        match = _FAMILY.match(surface)
        family = match.end() if match else len(surface)
    head, tail = surface[:family], surface[family:].lstrip("- ")
    joined = f"{head}-{tail}" if tail else head
    return _JOINTS.sub("-", joined).strip("-").lower()
