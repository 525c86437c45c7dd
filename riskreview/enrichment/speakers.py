"""Who the words before "said" are: a vendor, a public body, a person, a document, somebody unnamed. Pure.

Pronouns and descriptions ("it", "the company") stand for the nearest name in the sentence, else for the last source.
Who is described but on no register keeps the kind and is known by the words alone.
"""

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from riskreview.enrichment import wording as w
from riskreview.enrichment.corroboration import is_outlet
from riskreview.enrichment.found import AgencyFound, Found, NamesRead
from riskreview.enrichment.hedges import anonymous, withholds_name
from riskreview.enrichment.said import Source, SourceKind, Span

_NAME_MOST = 200
_REMEMBERED = 1_500
_LAST = 8
_DESCRIBED_WITHIN = 400
_WORDS = re.compile(r"[^\W_]+(?:[’'.\-][^\W_]+)*")
_POSSESSOR = re.compile(r"(?:['’]s|s['’])\s")
_SPOKEN_FOR = re.compile(r"(?:spokes\w{1,7}|lawyers?|attorneys?|counsel) (?:for|of) ")
_NAMED_BEHIND = re.compile(r", [A-Z][\w’'-]{1,30} [A-Z]")
_APPOSITION = re.compile(r", (?:the )?")
_SENTENCE_ENDS = (". ", "! ", "? ", ".” ", '." ', "\n")
_BODY = "|".join(sorted(w.STANDS_FOR_VENDOR | w.STANDS_FOR_AGENCY))
_DESCRIPTION = re.compile(
    rf"\b(?:the|an?|its|[A-Z]\w{{1,30}}['’]s)\s(?:[\w-]{{1,30}}\s){{0,3}}?(?:{_BODY})\b", re.IGNORECASE
)
_SMALL = w.DETERMINERS | w.LEAD | w.PREPOSITIONS


class Speakers:
    """Tells sources apart, and remembers the last ones named."""

    def __init__(self, text: str, names: NamesRead) -> None:
        self.text = text
        heard = [m for m in names.mentions if m.state == "ACCEPTED" and m.role != "CHANNEL"]
        self._names: list[Found | AgencyFound] = sorted([*heard, *names.agencies], key=lambda found: found.start)
        self._starts = [found.start for found in self._names]
        self._unknown = [found.start for found in names.unknown if found.kind == "NAME"]
        self._last: list[tuple[int, Source]] = []
        self._last_person: tuple[int, Source] | None = None
        self._first: dict[Span | None, Span | None] = {}

    def source(self, span: Span | None) -> tuple[Source, str]:
        """Who the words are, and why in plain words where that takes a step."""
        if span is None:
            return Source("NONE"), ""
        source, reason = self._resolved(span)
        self._first.setdefault(span, span)
        if source.kind not in ("NONE", "ANONYMOUS"):
            self._last.append((span[1], source))
            if source.kind == "PERSON" or _Phrase(self.text, span).is_human:
                self._last_person = (span[1], source)
        return source, reason

    def last(self, place: int, kinds: Sequence[SourceKind] = ()) -> Source | None:
        """The last source (of these kinds) named in the 1,500 characters before `place`."""
        for at, source in reversed(self._last[-_LAST:]):
            if at <= place <= at + _REMEMBERED and (not kinds or source.kind in kinds):
                return source
        return None

    def _resolved(self, span: Span) -> tuple[Source, str]:
        phrase = _Phrase(self.text, span)
        if not phrase.words:
            return Source("NONE", span), ""
        if phrase.pronoun:
            return self._stood_for(span, phrase.pronoun)
        named = self._within(span)
        if phrase.is_document:
            return self._document(span, named), ""
        if phrase.is_withheld or (named and phrase.is_outside):
            return Source(
                "ANONYMOUS" if phrase.is_withheld or not phrase.is_named else "PERSON", span, name=phrase.text
            ), ""
        if named:
            return _of(named[-1], span), ""
        described = self._described(phrase) or self._named_behind(phrase)
        if described is None and self._holds_organisation(span):
            described = Source("VENDOR", span, name=phrase.text), "an organisation on no register"
        return described or (phrase.unregistered(), "")

    def _named_behind(self, phrase: "_Phrase") -> tuple[Source, str] | None:
        """ "The CNIL" in "France's data protection authority, the CNIL": a description and a name of one body."""
        behind = _APPOSITION.match(self.text, phrase.span[1]) if phrase.body == "AGENCY" else None
        index = bisect.bisect_left(self._starts, behind.end()) if behind else len(self._names)
        found = self._names[index] if index < len(self._names) else None
        if behind is None or not isinstance(found, AgencyFound) or found.start != behind.end():
            return None
        return _of(found, phrase.span), f"“{found.surface}” names it"

    def _holds_organisation(self, span: Span) -> bool:
        index = bisect.bisect_left(self._unknown, span[0])
        return index < len(self._unknown) and self._unknown[index] < span[1]

    def _document(self, span: Span, named: Sequence[Found | AgencyFound]) -> Source:
        source = _of(named[-1], span) if named else Source("DOCUMENT", span)
        return replace(source, kind="DOCUMENT", name=self.text[span[0] : span[1]][:_NAME_MOST])

    def _described(self, phrase: "_Phrase") -> tuple[Source, str] | None:
        """ "The company" is the vendor before it, "the regulator" the public body; "its head" speaks for its owner."""
        owner = phrase.owner
        if owner is not None and not phrase.is_person_of_name and not _NAMED_BEHIND.match(self.text, phrase.span[1]):
            source, reason = self._resolved(owner)
            if source.kind in ("VENDOR", "AGENCY"):
                return replace(source, span=phrase.span), reason
        if phrase.is_named or not phrase.is_definite:
            return None
        kind = phrase.body
        return self._nearest(phrase.span, [kind]) if kind else None

    def _stood_for(self, span: Span, word: str) -> tuple[Source, str]:
        if word in w.OF_PERSONS or word in ("his", "her"):
            at, person = self._last_person or (0, None)
            person = person if person and at <= span[0] <= at + _REMEMBERED else None
            return self._instead(person, span) if person else (Source("NONE", span), "")
        found = self._nearest(span, ["VENDOR", "AGENCY"])
        if found is None and word not in w.OF_THINGS:
            last = self.last(span[0])
            found = self._instead(last, span) if last else None
        return found or (Source("NONE", span), "")

    def _nearest(self, span: Span, kinds: list[SourceKind]) -> tuple[Source, str] | None:
        """The nearest name in the sentence, else the last source, else the nearest name in the paragraph."""
        begins = max(self.text.rfind(end, max(0, span[0] - _REMEMBERED), span[0]) for end in _SENTENCE_ENDS)
        near = self._described_before(span, max(begins, 0)) or self._named_before(span, kinds)
        last = self.last(span[0], [*kinds, "DOCUMENT"])
        if near is not None and near.span is not None and (near.span[0] > begins or last is None):
            return self._instead(near, span)
        if last is not None and last.kind in kinds:
            return self._instead(last, span)
        return self._instead(near, span) if near is not None else None

    def _instead(self, source: Source, span: Span) -> tuple[Source, str]:
        """The source under other words; the reason names the words by which it was first called."""
        first = self._first.get(source.span, source.span)
        self._first[span] = first
        stood_for = self.text[first[0] : first[1]] if first else source.name
        said = self.text[span[0] : span[1]]
        reason = "" if stood_for == said else f"“{said[:60]}” is taken for “{stood_for[:80]}”"
        return replace(source, span=span), reason

    def _described_before(self, span: Span, begins: int) -> Source | None:
        """The body that a description earlier in the sentence speaks of: "The firm did not answer; it has said"."""
        if self.text[span[0] : span[1]].lower() != "it":
            return None
        found = list(_DESCRIPTION.finditer(self.text, max(begins, span[0] - _DESCRIBED_WITHIN), span[0]))
        return self._resolved(found[-1].span())[0] if found else None

    def _named_before(self, span: Span, kinds: Sequence[SourceKind]) -> Source | None:
        paragraph = self.text.rfind("\n", max(0, span[0] - 2 * _REMEMBERED), span[0])
        index = bisect.bisect_left(self._starts, span[0])
        for found in reversed(self._names[max(0, index - _LAST) : index]):
            if found.start <= paragraph:
                return None
            source = _of(found, (found.start, found.end))
            if source.kind in kinds and found.role != "MODIFIER":
                return source
        return None

    def _within(self, span: Span) -> list[Found | AgencyFound]:
        first, stop = bisect.bisect_left(self._starts, span[0]), bisect.bisect_left(self._starts, span[1])
        inside = self._names[first:stop]
        return [found for found in inside if found.role != "MODIFIER"] or inside


class _Phrase:
    """The words of a speaker, and what they say of it without any register."""

    def __init__(self, text: str, span: Span) -> None:
        self.span = span
        self._all = text
        self.text = text[span[0] : span[1]][:_NAME_MOST]
        self.forms: list[str] = _WORDS.findall(text, *span)
        self.words = [form.lower().replace("’", "'") for form in self.forms]
        self.head = self._head()

    def _head(self) -> str:
        """The word that says what it is: "report" in "a report by the bank"."""
        for index, word in enumerate(self.words):
            if index and word in w.AFTER_HEAD and self.words[index - 1] not in w.DETERMINERS:
                return self.words[index - 1]
        return self.words[-1] if self.words else ""

    @property
    def is_human(self) -> bool:
        """Whether somebody speaks for it: "a Google spokeswoman"."""
        return self.head in w.PEOPLE or bool(w.ROLES & set(self.words))

    @property
    def pronoun(self) -> str:
        """The pronoun it is, "" for none."""
        word = self.words[0].split("'")[0]
        return word if len(self.words) == 1 and (word in w.PRONOUNS or word in w.POSSESSIVE) else ""

    @property
    def is_document(self) -> bool:
        """Whether it is something written, not a name that sounds so."""
        return self.head in w.DOCUMENTS and not (self.is_named and self.forms[-1][0].isupper() and len(self.forms) == 1)

    @property
    def is_withheld(self) -> bool:
        """Whether it is somebody who keeps the name back."""
        somebody = anonymous(self._all, *self.span)
        return withholds_name(self._all, *self.span) or (somebody is not None and somebody[0] == self.span[0])

    @property
    def is_outside(self) -> bool:
        """Whether the vendor named in it is not the speaker: "a former OpenAI employee"."""
        return bool(w.OUTSIDERS & set(self.words))

    @property
    def is_named(self) -> bool:
        """Whether it holds a capitalised word that does not owe its capital to the sentence."""
        return any(f[0].isupper() and (i or word not in _SMALL | w.PEOPLE) for i, (f, word) in enumerate(self._both))

    @property
    def is_person_of_name(self) -> bool:
        """Whether it ends in a name: "its lawyer Jane Roe"."""
        return len(self.forms) > 1 and self.forms[-1][0].isupper()

    @property
    def is_definite(self) -> bool:
        """Whether it speaks of somebody known already: "the company", "its lawyer"."""
        return self.words[0] in w.DEFINITE or self.words[0] in w.POSSESSIVE

    @property
    def owner(self) -> Span | None:
        """ "the company" in "the company's lawyer", "its" in "its lawyer"."""
        match = _POSSESSOR.search(self._all, *self.span)
        if match:
            return self.span[0], match.start() + (1 if match.group()[0] == "s" else 0)
        match = _SPOKEN_FOR.search(self._all, *self.span)
        if match:
            return match.end(), self.span[1]
        if self.words[0] in ("its", "their"):
            return self.span[0], self.span[0] + len(self.forms[0])
        return None

    @property
    def body(self) -> SourceKind | None:
        """VENDOR or AGENCY where its head is such a word."""
        if self.head in w.STANDS_FOR_VENDOR:
            return "VENDOR"
        return "AGENCY" if self.head in w.STANDS_FOR_AGENCY else None

    def unregistered(self) -> Source:
        """What it is by its words alone."""
        ends = self.words[-1].rstrip(".")
        if is_outlet(self.text):
            return Source("DOCUMENT", self.span, name=self.text)
        company = len(self.words) > 1 and ends in w.COMPANY_ENDINGS
        kind: SourceKind = self.body or ("VENDOR" if company else "PERSON")
        return Source(kind, self.span, name=self.text)

    @property
    def _both(self) -> list[tuple[str, str]]:
        return list(zip(self.forms, self.words, strict=True))


def _of(found: Found | AgencyFound, span: Span) -> Source:
    if isinstance(found, AgencyFound):
        return Source("AGENCY", span, agency=found.key)
    return Source("VENDOR", span, vendor=found.name.vendor)
