"""What a memo says, in its order: the decision first, then what it rests on, who signed, and how to check it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from riskreview.audit.canonical import Plain

from .. import matrix
from ..models import Action, Confidence, Likelihood, RiskArea, SourceClass, Stance, TargetKind
from ..models.decision import words_of
from ..tradecraft import marked
from .reading import Hidden, Reader, ended

# Portion marks, by how the source of a paragraph stands in law; in the order of the vocabulary.
MARKS = {
    SourceClass.PUBLIC: "PUB",
    SourceClass.CONFIDENTIAL_BUSINESS: "CBI",
    SourceClass.CLASSIFIED_OR_CUI: "CUI",
    SourceClass.OTHER_GOVERNMENT: "GOV",
    SourceClass.PARTY_RECORDS: "PTY",
    SourceClass.DEMANDED: "DEM",
    SourceClass.SECURITY_BODY: "SEC",
    SourceClass.OTHER_AGENCY: "OAG",
}
WITHHELD = "WHD"  # the paragraph itself is left out
UNTOLD = "NST"  # its words are shown, and how its source stands is not


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `rests_on` are numbers of sources, `mark` is the portion mark of what is shown of it.

    `gone` are those of its sources that are left out altogether.
    """

    ref: str
    judgment: str
    area: str
    likelihood: str
    confidence: str
    basis: str
    assumptions: str
    alternatives: str
    treatment: str
    before: str
    after: str
    is_fact: bool
    rests_on: Sequence[int]
    mark: str
    gone: Sequence[int] = ()

    @property
    def judged_mark(self) -> str:
        """The portion mark of the judgement, which is a paragraph of its own."""
        return WITHHELD if all_hidden(self.judgment) else self.mark

    @property
    def basis_mark(self) -> str:
        """The portion mark of the line of the table."""
        return WITHHELD if all_hidden(self.area, self.basis, self.assumptions, self.alternatives) else self.mark

    @property
    def unshown(self) -> str:
        """The citations that lead to nothing here; empty where every source is shown."""
        return f"[{', '.join(f'E{number}' for number in self.gone)} not shown]" if self.gone else ""

    @property
    def chance(self) -> str:
        """How likely, in a sentence; empty where nothing is said of it."""
        return "Established as a fact." if self.is_fact else ended(self.likelihood)

    @property
    def cited(self) -> list[str]:
        """The exhibits it rests on that its own words do not name: E1, E3."""
        named = {number for piece in marked(self.judgment) if isinstance(piece, tuple) for number in piece}
        return [f"E{number}" for number in self.rests_on if number not in named and number not in self.gone]


@dataclass(frozen=True, slots=True)
class Source:
    """One exhibit, as the memo cites it."""

    number: int
    grade: str
    publisher: str
    headline: str
    published: str
    captured: str
    url: str
    digest: str
    passage: str
    stance: str
    mark: str

    @property
    def ref(self) -> str:
        """What it is called wherever it is cited."""
        return f"E{self.number}"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature under the dossier; `entry` is the entry of the act."""

    name: str
    role: str
    meaning: str
    when: str
    statement: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Where the record holds it: the newest act on the decision, the digest, the first checkpoint over that act."""

    entry: str = ""
    root: str = ""
    checkpoint: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands beside the dossier: how far the decision is, and who signed what when."""

    number: int
    date: str
    is_final: bool
    status: str
    signatures: Sequence[Signed]
    missing: int
    proof: Proof
    marking: str = ""
    audience: str = ""
    release: str = ""


@dataclass(frozen=True, slots=True)
class Memo:
    """Everything a memo says."""

    standing: Standing
    ref: str
    title: str
    question: Sequence[str]
    requester: str
    vendors: str
    verdict: str
    rationale: Sequence[str]
    referred_to: str
    dissent: Sequence[str]
    findings: Sequence[Finding]
    effects: Sequence[str]
    conditions: Sequence[Sequence[str]]
    heard: Sequence[Mapping[str, str]]
    sources: Sequence[Source]
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_release(self) -> bool:
        """Whether it is a version for other eyes, with a mark on every paragraph."""
        return bool(self.standing.release)

    @property
    def legend(self) -> str:
        """What the marks of a version for other eyes mean: those it has, and the bar."""
        told = [f"({mark}) {words.lower()}" for words, mark in self.marks.items()]
        used = {mark for part in self.findings for mark in (part.judged_mark, part.basis_mark)}
        if any(UNTOLD in mark for mark in used | {each.mark for each in self.sources}):
            told.append(f"({UNTOLD}) how its source stands is not shown")
        told.append(f"({WITHHELD}) not shown")
        after = "A finding has the marks of its sources that are shown. A black bar stands for what is left out"
        return f"Marks: {'; '.join(told)}. {after}, with the ground."

    @property
    def kind(self) -> str:
        """What the paper is."""
        release = f", releasable version {self.standing.release}" if self.standing.release else ""
        return f"Decision memorandum{release}"

    @property
    def dissents(self) -> list[Signed]:
        """The signatures of those who do not agree."""
        return [each for each in self.standing.signatures if each.meaning == "Dissented"]

    @property
    def name(self) -> str:
        """What a file of it is called, without its ending."""
        release = f"-{self.standing.release}" if self.standing.release else ""
        return f"{self.ref}-memo-{self.standing.number}{release}"


def memo(content: Mapping[str, Plain], hidden: Mapping[str, str], standing: Standing) -> Memo:
    """The memo of a dossier. `hidden`: the grounds of what a release leaves out, by path."""
    read = Reader(content, hidden)
    sources = [source(read, number) for number in read.numbers("exhibit")]
    marks = {each.number: each.mark for each in sources}
    found = {str(SourceClass(kind).label): mark for kind, mark in MARKS.items() if mark in {*marks.values()}}
    return Memo(
        standing=standing,
        ref=read.words("case.ref"),
        title=read.words("case.title"),
        question=read.paragraphs("case.question"),
        requester=read.words("case.requester"),
        vendors=vendors(read),
        verdict=verdict(read),
        rationale=read.paragraphs("recommendation.rationale"),
        referred_to=read.words("recommendation.referred_to"),
        dissent=read.paragraphs("recommendation.dissent"),
        findings=[finding(read, number, marks) for number in read.numbers("finding")],
        effects=[effect(read, number) for number in read.numbers("effect")],
        conditions=[condition(read, number) for number in read.numbers("condition")],
        heard=[heard(read, number) for number in read.numbers("submission")],
        sources=sources,
        marks=found,
    )


def vendors(read: Reader) -> str:
    """The vendors it is about."""
    found = read.value("case.vendors")
    return found if isinstance(found, Hidden) else ", ".join(str(each) for each in found or [])


def verdict(read: Reader) -> str:
    """The disposition in the words of the playbook it was decided by, or in ours."""
    title, disposition = read.words("recommendation.title"), read.words("recommendation.disposition")
    return title or (disposition if isinstance(disposition, Hidden) else words_of(disposition))


def finding(read: Reader, number: int, marks: Mapping[int, str]) -> Finding:
    """One finding, marked as those sources it rests on that are shown."""
    at = f"finding.{number}"
    rests_on = [each for each in read.listed(f"{at}.exhibits") if isinstance(each, int)]
    gone = [each for each in rests_on if marks.get(each) == WITHHELD]
    shown = [marks[each] for each in rests_on if each in marks and each not in gone]
    is_untold = not shown and (bool(gone) or isinstance(read.value(f"{at}.exhibits"), Hidden))
    return Finding(
        ref=f"F{number}",
        judgment=ended(read.words(f"{at}.judgment")),
        area=read.chosen(f"{at}.risk_area", RiskArea),
        likelihood=read.chosen(f"{at}.likelihood", Likelihood),
        confidence=small(read.chosen(f"{at}.confidence", Confidence)),
        basis=ended(read.words(f"{at}.basis")),
        assumptions=ended(read.words(f"{at}.assumptions")),
        alternatives=ended(read.words(f"{at}.alternatives")),
        treatment=read.words(f"{at}.treatment"),
        before=risk(read, f"{at}.risk"),
        after=risk(read, f"{at}.residual"),
        is_fact=read.value(f"{at}.is_fact") is True,
        rests_on=rests_on,
        mark=UNTOLD if is_untold else together(shown),
        gone=gone,
    )


def small(words: str) -> str:
    """Words inside a sentence."""
    return words if isinstance(words, Hidden) else words.lower()


def risk(read: Reader, at: str) -> str:
    """The level of a risk; empty where it was not placed."""
    likelihood, impact = read.value(f"{at}_likelihood"), read.value(f"{at}_impact")
    for each in (likelihood, impact):
        if isinstance(each, Hidden):
            return each
    return str(matrix.level(likelihood, impact).label) if likelihood and impact else ""


def source(read: Reader, number: int) -> Source:
    """One exhibit."""
    at = f"exhibit.{number}"
    described = [read.words(f"{at}.{name}") for name in ("publisher", "headline", "url", "passage")]
    return Source(
        number=number,
        grade=read.words(f"{at}.grade"),
        publisher=read.words(f"{at}.publisher"),
        headline=read.words(f"{at}.headline"),
        published=read.day(f"{at}.published_at"),
        captured=read.day(f"{at}.fetched_at"),
        url=read.words(f"{at}.url"),
        digest=read.words(f"{at}.raw_sha256"),
        passage=read.words(f"{at}.passage"),
        stance=read.chosen(f"{at}.stance", Stance),
        mark=WITHHELD if all_hidden(*described) else standing_of(read.words(f"{at}.source_class")),
    )


def all_hidden(*texts: str) -> bool:
    """Whether nothing of what stands here is shown."""
    told = [each for each in texts if each]
    return bool(told) and all(isinstance(each, Hidden) for each in told)


def standing_of(kind: str) -> str:
    """The portion mark of a source by how it stands in law; public where nobody said otherwise."""
    if isinstance(kind, Hidden):
        return UNTOLD
    return MARKS.get(SourceClass(kind), UNTOLD) if kind else "PUB"


def together(marks: Iterable[str]) -> str:
    """The mark of a paragraph that rests on several sources: public only if all of them are."""
    found = {*marks}
    order = [*MARKS.values(), UNTOLD]
    return ", ".join(sorted(found - {"PUB"} or {"PUB"}, key=order.index))


def effect(read: Reader, number: int) -> str:
    """What the decision does, in a sentence. One hidden word hides the sentence: its rest would tell."""
    at = f"effect.{number}"
    told = {name: read.words(f"{at}.{name}") for name in ("target", "population", "jurisdiction", "clause")}
    told |= {"action": read.chosen(f"{at}.action", Action), "kind": read.chosen(f"{at}.target_kind", TargetKind)}
    told |= {"starts": read.day(f"{at}.starts_on"), "ends": read.day(f"{at}.ends_on")}
    for each in told.values():
        if isinstance(each, Hidden):
            return each
    begins, ends = (f"{word} {told[name]}" if told[name] else "" for word, name in (("from", "starts"), ("to", "ends")))
    target = f"{told['action']}: {told['target']} ({told['kind'].lower()})"
    rest = [f"for {told['population']}" if told["population"] else "", told["jurisdiction"], begins, ends]
    clause = f" {ended(told['clause'])}" if told["clause"] else ""
    return f"{', '.join(part for part in (target, *rest) if part)}.{clause}"


def condition(read: Reader, number: int) -> list[str]:
    """A condition, and until when."""
    due = read.day(f"condition.{number}.due_on")
    text = ended(read.words(f"condition.{number}.text"))
    return [text, f"By {due}." if due and not isinstance(due, Hidden) else due]


def heard(read: Reader, number: int) -> dict[str, str]:
    """What a party submitted, and how it was considered."""
    at = f"submission.{number}"
    names = ("summary", "why", "consideration")
    return {"ref": f"S{number}"} | {name: ended(read.words(f"{at}.{name}")) for name in names}
