"""What a recommendation rests on, sentence by sentence: what blocks its submission, and what only weakens it.

Every sentence of a finding goes back to exhibits: “… are kept abroad [E1, E2].” A text of one sentence without a marker
cites what is ticked for its finding; a longer one needs a marker in each sentence. What is checked is the record as it
is now, so that a passage that is gone or an exhibit that was withdrawn is found whenever somebody looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Substr

from .tradecraft import Remark, cited, lint

if TYPE_CHECKING:
    from .models import Case, Exhibit, Finding

QUOTED = 60  # characters of a sentence that an objection quotes
TEXTS = (("judgment", ""), ("basis", "basis, "))


@dataclass(frozen=True, slots=True)
class Objection:
    """Why something cannot be submitted as it stands, or is weak. `code` is for programs, `where` names the place, such
    as “F2, sentence 3”, and `sentence` says to a person what is wrong and what to do."""

    code: str
    where: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"

    @property
    def part(self) -> str:
        """The finding or exhibit it is about, such as F2."""
        return self.where.partition(",")[0]


@dataclass(frozen=True, slots=True)
class Grounds:
    """The findings and exhibits of a case, withdrawn ones included, and what is known of them: numbers of exhibits
    whose stored passage is `gone` from its capture, and of those that `fell` or are `shaken` by a change at the source,
    with when somebody said so (a flag nobody settled has no time)."""

    findings: Collection[Finding]
    exhibits: Mapping[int, Exhibit]
    gone: Collection[int] = ()
    fell: Mapping[int, Any] = field(default_factory=dict)
    shaken: Collection[int] = ()

    @property
    def standing(self) -> list[Finding]:
        """The findings that were not withdrawn."""
        return [each for each in self.findings if each.stands]


def objections(case: Case) -> list[Objection]:
    """What blocks submission, in the order of the findings. Four queries; no text of a document is loaded."""
    return blocking(of(case))


def warnings(case: Case) -> list[Objection]:
    """What weakens the findings and does not block submission."""
    return weakening(of(case))


def both(case: Case) -> tuple[list[Objection], list[Objection]]:
    """What blocks submission, and what only weakens it, of one reading."""
    found = of(case)
    return blocking(found), weakening(found)


def of(case: Case) -> Grounds:
    """What a case rests on, as it is recorded now."""
    exhibits = list(with_torn(case.exhibits.select_related("document")).order_by("number").prefetch_related("flags"))
    findings = case.findings.prefetch_related("exhibits").order_by("number")
    return known(exhibits, list(findings), [flag for each in exhibits for flag in each.flags.all()])


def with_torn(exhibits: Any) -> Any:
    """Exhibits that say of themselves whether their stored passage is gone from its capture (`is_torn`)."""
    there = Substr("snapshot__text", F("start") + 1, F("end") - F("start"))
    torn = ExpressionWrapper(~Q(there=F("passage")) | Q(there=None), BooleanField())
    return exhibits.alias(there=there).annotate(is_torn=torn)


def known(exhibits: Collection[Any], findings: Collection[Finding], flags: Iterable[Any]) -> Grounds:
    """What a case rests on, of rows that are loaded already: its exhibits `with_torn`, and the flags on them. Pure."""
    shaken = {each.exhibit.number for each in flags if each.settled_at is None and each.passage_stands is False}
    fallen = sorted((each for each in flags if each.still_holds is False), key=attrgetter("settled_at"))
    return Grounds(
        findings=findings,
        exhibits={each.number: each for each in exhibits},
        gone={each.number for each in exhibits if each.is_torn},
        fell={each.exhibit.number: each.settled_at for each in fallen},
        shaken=shaken,
    )


def blocking(known: Grounds) -> list[Objection]:
    """What blocks submission. Pure."""
    found = [each for finding in known.standing for each in against(finding, known)]
    return found + list(ungraded(known))


def against(finding: Finding, known: Grounds) -> Iterator[Objection]:
    """What blocks the submission of one finding."""
    for column, called in TEXTS:
        yield from uncited(f"{finding.ref}, {called}sentence", getattr(finding, column), known)
    yield from unsupported(finding, known)
    if not (finding.likelihood or finding.is_fact):
        yield Objection("likelihood", finding.ref, "Say how likely it is, or mark the finding as a fact.")
    for remark in remarks(finding, "error"):
        yield Objection(remark.rule, finding.ref, remark.message)


def uncited(place: str, text: str, known: Grounds) -> Iterator[Objection]:
    """Sentences that go back to nothing, or to what is not there."""
    told = cited(text)
    for number, sentence in enumerate(told, start=1):
        where = f"{place} {number}"
        if not sentence.cites and len(told) > 1:
            what = sentence.words[:QUOTED] + ("…" if len(sentence.words) > QUOTED else "")
            yield Objection("uncited", where, f"“{what}” cites nothing. Name its exhibits, such as [E1].")
        for each in sentence.cites:
            if each not in known.exhibits:
                yield Objection("unknown", where, f"It cites E{each}, and this case has no such exhibit.")
            elif not known.exhibits[each].stands:
                yield Objection("withdrawn", where, f"It cites E{each}, which was withdrawn.")


def unsupported(finding: Finding, known: Grounds) -> Iterator[Objection]:
    """Exhibits under a finding that do not carry it any more."""
    for number in sorted(each.number for each in finding.exhibits.all()):
        if number in known.gone:
            told = f"The passage of E{number} no longer stands in its capture, word for word."
            yield Objection("passage", finding.ref, told)
        fell = known.fell.get(number)
        if fell and not (finding.edited_at and finding.edited_at > fell):
            told = f"What rests on E{number} was said to hold no longer. Amend the finding, or withdraw it."
            yield Objection("fallen", finding.ref, told)
        if number in known.shaken:
            told = f"The words of E{number} are gone from the newest capture. Say what that means: settle the change."
            yield Objection("changed", finding.ref, told)


def ungraded(known: Grounds) -> Iterator[Objection]:
    """Exhibits graded as confirmed by other sources that no other source confirms, or no longer."""
    standing = [each for each in known.exhibits.values() if each.stands]
    for exhibit in standing:
        keys = {each.text_key for each in standing if each.stance == exhibit.stance}
        if exhibit.credibility == 1 and len(keys) < 2:
            told = "It is graded as confirmed by other sources, and no exhibit of another origin confirms it."
            yield Objection("unconfirmed", exhibit.ref, told)


def weakening(known: Grounds) -> list[Objection]:
    """What weakens the wording of the findings. Pure."""
    return [
        Objection(remark.rule, finding.ref, remark.message)
        for finding in known.standing
        for remark in remarks(finding, "warning")
    ]


def remarks(finding: Finding, severity: str) -> Iterable[Remark]:
    """What the wording of a finding breaks, of one severity."""
    return (each for each in lint(finding.judgment, is_fact=finding.is_fact) if each.severity == severity)
