"""Plain text as evidence: normalised once, then addressed by spans.

A span is a half-open pair (start, end) counted in Unicode code points of the normalised text.
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u00a0\u202f]")
_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_ZERO_WIDTH}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Code points that never begin a letter. Composing them costs the square of their number in a row.
_MARKS = [
    sign for sign in map(chr, range(0x300, 0x20000)) if unicodedata.combining(unicodedata.normalize("NFD", sign)[0])
]
_BASIC_MARKS = "".join(sign for sign in _MARKS if sign < "\U00010000")
_FURTHER_MARKS = "".join(sign for sign in _MARKS if sign >= "\U00010000")
_BASIC_RUN, _RUN = (re.compile(f"([{marks}]{{30}})(?=[{marks}])") for marks in (_BASIC_MARKS, "".join(_MARKS)))
_FURTHER = re.compile(f"[{_FURTHER_MARKS[0]}-{_FURTHER_MARKS[-1]}]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# One set of first characters for all ends: the search jumps from one to the next.
_LATIN_END = r"""(?<=[.!?])["”’')\]]{0,8}([^\S\n]{1,40})(?=["“‘'(\[]{0,2}[A-Z0-9À-ÖØ-Þ])"""
_CJK_END = r"(?<=[。！？])[」』”’）]{0,4}"
_BOUNDARY = re.compile(rf"[.!?。！？\n](?:{_LATIN_END}|{_CJK_END}|(?<=\n)\n*)")
_SENTENCE_MAX = 2_000
WHOLE_MAX = 200_000
WINDOW = 100_000
_WORD = re.compile(r"[^\W_]+(?:[’'\-][^\W_]+)*")

_ABBREVIATED = """
    Mr. Mrs. Ms. Dr. Prof. Sir. St. Jr. Sr. Hon. Rev. Gov. Sen. Rep. Gen. Col. Lt. Capt. Sgt. Maj. Adm. Cmdr.
    Inc. Corp. Ltd. Co. Bros. Assn. LLC. No. Nos. vs. v. e.g. i.e. etc. cf. al. approx. est. ca. Fig. Sec. Art. Vol. Ch.
    U.S. U.K. U.N. E.U. D.C. a.m. p.m. Ph.D. B.A. M.A.
    Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sep. Sept. Oct. Nov. Dec. Mon. Tue. Tues. Wed. Thu. Thur. Thurs. Fri. Sat. Sun.
    Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Mass. Md. Mich. Minn. Miss. Mo. Mont. Neb.
    Nev. Okla. Ore. Pa. Tenn. Tex. Va. Vt. Wash. Wis. Wyo.
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_LAST_WORD = re.compile(r"[\w.&]{1,12}$")
_INITIAL = re.compile(r"(?:^|[\s.(“\"])[A-Z]\.$")


def normalise(text: str) -> str:
    """The one stored form of a text: NFC, LF line ends, plain blanks, no control or zero-width characters.

    Quotes, dashes, case and typing errors stay: they are evidence. Of combining marks no more than 30 stand in a row
    without U+034F between them (Stream-Safe Text Format, Unicode Standard Annex 15, 13). Applying it twice changes
    nothing.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _BLANKS.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    return text if text.isascii() else _stream_safe(unicodedata.normalize("NFC", _stream_safe(text)))


def _stream_safe(text: str) -> str:
    # A class of basic characters alone is ten times as fast as one with others in it.
    run = _RUN if _FURTHER.search(text) else _BASIC_RUN
    return run.sub("\\1\u034f", text)


def without_bidi(text: str) -> str:
    """The text without the characters that reorder what a reader sees (bidirectional controls); for display."""
    return _BIDI.sub("", text)


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the non-blank lines, outer blanks excluded: in extracted text a line is a paragraph."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        span = _trimmed(text, *line.span())
        if span:
            spans.append(span)
    return spans


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, outer blanks excluded, in time linear in the text.

    A newline always ends a sentence; `.`, `!` or `?` does when a capital or digit follows, unless an abbreviation or
    a single initial stands before it. A sentence over 2,000 characters is cut at a blank.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match.group(1) is not None and _ends_in_abbreviation(text, match.start() + 1):
            continue
        end = match.start(1) if match.group(1) is not None else match.end()
        spans += _pieces(text, start, end)
        start = match.end()
    return spans + _pieces(text, start, len(text))


def windows(text: str, whole: int = WHOLE_MAX, size: int = WINDOW) -> list[tuple[int, int]]:
    """Adjoining spans of at most `size` characters that cover a long text; a text of up to `whole` is one window.

    A window ends after a newline where its second half has one, else after a sentence, else at a blank.
    """
    if len(text) <= whole:
        return [(0, len(text))] if text else []
    spans, start = [], 0
    while len(text) - start > size:
        end = _window_end(text, start + size // 2, start + size)
        spans.append((start, end))
        start = end
    return [*spans, (start, len(text))]


def words(text: str) -> list[str]:
    """The words of a text in order, as written; an inner apostrophe or hyphen belongs to its word."""
    return _WORD.findall(text)


def _window_end(text: str, least: int, most: int) -> int:
    for border in ("\n", ". ", "。", " "):
        place = text.rfind(border, least, most)
        if place >= 0:
            return place + len(border)
    return most


def _ends_in_abbreviation(text: str, stop: int) -> bool:
    before = text[max(0, stop - 14) : stop]
    last = _LAST_WORD.search(before)
    return bool(last and last.group() in _ABBREVIATIONS) or bool(_INITIAL.search(before))


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > _SENTENCE_MAX:
        blank = text.rfind(" ", start + 1, start + _SENTENCE_MAX)
        cut = blank if blank > 0 else start + _SENTENCE_MAX
        pieces.append(_trimmed(text, start, cut))
        start = cut
    pieces.append(_trimmed(text, start, end))
    return [piece for piece in pieces if piece]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
