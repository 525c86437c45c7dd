"""The words by which a text hands a statement to somebody, read from the list `claims.toml`. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from riskreview.enrichment import rules

DATA = rules.load("claims")
_VERBS = DATA["verbs"]
_FORMS: dict[str, list[str]] = _VERBS["forms"]
Manner = Literal["SPEECH", "GUARDED", "QUOTING", "THOUGHT"]
Form = Literal["BASE", "THIRD", "PAST", "PARTICIPLE"]


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DOUBLED = _set(_VERBS["doubled"])
_ALSO_NOUNS = _set(_VERBS["also_nouns"])
_ADDRESSED = _set(_VERBS["addressed"])
_NEVER_BEHIND = _set(_VERBS["never_behind"])
WITH_THING = _set(_VERBS["with_thing"])
ONLY_HANDED = _set(_VERBS["only_handed"])
ONLY_WITH_THAT = _set(_VERBS["only_with_that"])
MAY_DROP_THAT = _set(_VERBS["may_drop_that"])
BEFORE_TO_SAY = _set(_VERBS["before_to_say"])
AGENTLESS = _set(_VERBS["agentless"])
AGENTLESS_WITH_IT = _set(_VERBS["agentless_with_it"])
EMERGING = _set(_VERBS["emerging"])
DENIALS = _set(_VERBS["denials"])
REFUSALS = _set(_VERBS["refusals"])
CALLING = _set(_VERBS["calling"])
REDUCED = _set(_VERBS["reduced"])


@dataclass(frozen=True, slots=True)
class Verb:
    """A form of a verb that may attribute: SPEECH always, GUARDED with "that" or a quotation, QUOTING with a quotation,
    THOUGHT before a clause."""

    lemma: str
    manner: Manner
    form: Form

    @property
    def is_also_noun(self) -> bool:
        """Whether the form may be a noun: "claims", "report"; a past never is."""
        return self.lemma in _ALSO_NOUNS and self.form in ("BASE", "THIRD")

    @property
    def is_addressed(self) -> bool:
        """Whether the one spoken to follows: "told reporters"."""
        return self.lemma in _ADDRESSED

    @property
    def stands_behind(self) -> bool:
        """Whether it may follow what was said: "..., Roe said"."""
        return self.lemma not in _NEVER_BEHIND and self.form != "PARTICIPLE"


def _inflected(lemma: str) -> Iterator[tuple[str, Form]]:
    third, past, participle = _FORMS.get(lemma) or _regular(lemma)
    yield from ((participle, "PARTICIPLE"), (lemma, "BASE"), (third, "THIRD"), (past, "PAST"))


def _regular(lemma: str) -> list[str]:
    if lemma.endswith("e"):
        return [f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    if lemma[-1] == "y" and lemma[-2] not in "aeo":
        return [f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"]
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    return [f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x")) else f"{lemma}s", f"{stem}ed", f"{stem}ing"]


def _verbs() -> Iterator[tuple[str, Verb]]:
    manners: list[tuple[Manner, str]] = [
        ("QUOTING", "quoting"),
        ("THOUGHT", "thought"),
        ("GUARDED", "guarded"),
        ("SPEECH", "speech"),
    ]
    for manner, key in manners:
        for lemma in _VERBS[key].split():
            yield from ((form, Verb(lemma, manner, kind)) for form, kind in _inflected(lemma))


VERBS: dict[str, Verb] = dict(_verbs())

_NOUNS = DATA["nouns"]
NOUNS = _set(_NOUNS["speech"])
NOUNS_WITH_SOURCE = _set(_NOUNS["with_source"])
CHARGES = _set(_NOUNS["charges"])
PEOPLE = _set(_NOUNS["people"])
BODIES = _set(_NOUNS["bodies"])
DOCUMENTS = _set(_NOUNS["documents"])
OUTSIDERS = _set(_NOUNS["outsiders"])
STANDS_FOR_VENDOR = _set(_NOUNS["stands_for_vendor"])
STANDS_FOR_AGENCY = _set(_NOUNS["stands_for_agency"])
COMPANY_ENDINGS = _set(_NOUNS["company_endings"])
ROLES = _set(_NOUNS["roles"])
DENIAL_NOUNS = _set(_NOUNS["denials"])
REPORTS = NOUNS | _set(_NOUNS["reports"])

_WORDS: dict[str, str] = DATA["words"]
PRONOUNS = _set(_WORDS["pronouns"])
OF_PERSONS = _set(_WORDS["of_persons"])
OF_THINGS = _set(_WORDS["of_things"])
DETERMINERS = _set(_WORDS["determiners"])
DEFINITE = _set(_WORDS["definite"])
ALSO_SUBJECTS = _set(_WORDS["also_subjects"])
AFTER_HEAD = _set(_WORDS["after_head"])
POSSESSIVE = _set(_WORDS["possessive"])
BE = _set(_WORDS["be"])
AUXILIARIES = _set(_WORDS["auxiliaries"])
HAVE = _set(_WORDS["have"])
BEFORE_INFINITIVE = _set(_WORDS["before_infinitive"])
ADVERBS = _set(_WORDS["adverbs"])
CONJUNCTIONS = _set(_WORDS["conjunctions"])
BOUNDARIES = _set(_WORDS["boundaries"])
RELATIVE = _set(_WORDS["relative"])
LEAD = _set(_WORDS["lead"])
PREPOSITIONS = _set(_WORDS["prepositions"])
TIME = _set(_WORDS["time"])
ADDRESSEES = _set(_WORDS["addressees"])
BREAKS = _set(_WORDS["breaks"])
VERBISH = _set(_WORDS["verbish"])
FALSE = _set(_WORDS["false"])
