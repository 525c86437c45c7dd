"""Which language a text is in, told by its script and its commonest words; no model."""

import re

_SAMPLE = 20_000
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
)
_SCRIPT_SHARE = {"ja": 0.1, "ko": 0.3, "zh": 0.2, "ru": 0.4, "ar": 0.4}
_WORD = re.compile(r"[^\W\d_]+")
_COMMONEST = {
    "en": "the of and to in that is for on with as was by it has have from at are said its",
    "de": "der die und das den von zu mit sich des auf ist im dem nicht ein eine als auch es",
    "fr": "le la les des et en un une du que est dans pour qui sur par pas au avec ce",
    "es": "el la los las de que y en un una por con para del se es como más al lo",
    "it": "il la di che e un una per del della con sono nel alla dei si non come più gli",
}
_COMMON = {code: frozenset(words.split()) for code, words in _COMMONEST.items()}
_COMMON_SHARE = 0.12


def language_of(text: str) -> str:
    """The ISO 639-1 code of the text's language, or "" when nothing speaks for one of the few it knows."""
    sample = text[:_SAMPLE]
    letters = sum(map(len, _WORD.findall(sample))) or 1
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > _SCRIPT_SHARE[code] * letters:
            return code
    words = [word.lower() for word in _WORD.findall(sample)]
    shares = {code: sum(word in common for word in words) / (len(words) or 1) for code, common in _COMMON.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _COMMON_SHARE else ""
