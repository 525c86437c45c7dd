"""Which language a text is in, told by its script and its commonest words; no model."""

import re
from collections import Counter

_SAMPLE = 20_000
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_OTHER_SCRIPT = re.compile("[\u0370-\u1fff\u2e80-\ufaff]")
_SCRIPT_SHARE = {"ja": 0.1, "ko": 0.3, "zh": 0.2}
_OTHER_SCRIPT_SHARE = 0.4
_WORD = re.compile(r"[^\W\d_]+")
_COMMONEST = {
    "en": "the of and to in that is for on with as was by it has have from at are said its a an be will not but",
    "de": "der die und das den von zu mit sich des auf ist im dem nicht ein eine als auch es",
    "fr": "le la les des et en un une du que est dans pour qui sur par pas au avec ce",
    "es": "el la los las de que y en un una por con para del se es como más al lo",
    "it": "il la di che e un una per del della con sono nel alla dei si non come più gli",
    "pt": "o os a as de que do da dos das em um uma para com não no na por mais ao se",
    "nl": "de het een van en in is dat op te voor met zijn niet aan door ook als om bij",
    "pl": "w i na z do że się nie to jest od dla po przez jak oraz przy które o za",
    "tr": "ve bir bu için ile de da olarak olan daha gibi kadar sonra ise çok en",
    "id": "yang dan di dengan untuk dari ini itu pada dalam tidak akan ke oleh juga",
    "sv": "och att det som en på är av för med den till inte har de ett om från kan",
}
_COMMON = {code: frozenset(words.split()) for code, words in _COMMONEST.items()}
_COMMON_SHARE = 0.12
_SAMPLE_OF_NAMES = 2_000
_WORDS_MIN = 15
_FIRST, _SURE_SHARE = 600, 0.2
_SCRIPT_CODES = frozenset(code for code, _ in _SCRIPTS)
_CALLED = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "zh": "Chinese",
}


def language_of(text: str) -> str:
    """The ISO 639-1 code of the text's language, or "" when nothing speaks for one of the few it knows."""
    sample = text[:_SAMPLE]
    found = [word.lower() for word in _WORD.findall(sample)]
    by_script = _by_script(sample, sum(map(len, found)) or 1) if _OTHER_SCRIPT.search(sample) else ""
    if by_script or not found:
        return by_script
    count = Counter(found)
    shares = {code: sum(count[word] for word in common) / len(found) for code, common in _COMMON.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _COMMON_SHARE else ""


def _by_script(sample: str, letters: int) -> str:
    for code, script in _SCRIPTS:
        if len(script.findall(sample)) > _SCRIPT_SHARE.get(code, _OTHER_SCRIPT_SHARE) * letters:
            return code
    return ""


def not_english(text: str, declared: str = "") -> str:
    """Why the rules of English do not fit a text, in words; "" when they do.

    What the text shows outweighs what is `declared` (BCP 47). In a few Latin words without a sentence nothing shows.
    """
    sample = text[:_SAMPLE_OF_NAMES]
    if _reads_as_english(sample):
        return ""
    code = language_of(sample)
    if code not in _SCRIPT_CODES and len(_WORD.findall(sample)) < _WORDS_MIN:
        code = ""
    code = code or declared.partition("-")[0].lower()
    if code in ("", "en"):
        return ""
    language = _CALLED.get(code, f"another language ({code})")
    return f"The text is in {language}: only names that mean one vendor or body without doubt were read."


def _reads_as_english(sample: str) -> bool:
    """True when the first words settle it, as they nearly always do."""
    if _OTHER_SCRIPT.search(sample):
        return False
    words = _WORD.findall(sample[:_FIRST])
    return len(words) >= _WORDS_MIN and sum(word in _COMMON["en"] for word in words) >= _SURE_SHARE * len(words)
