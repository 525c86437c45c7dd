"""What was read in a document, made ready for its page: names, statements, signals, each with its reasons and with what
people said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from riskreview.enrichment import judging, sanity
from riskreview.enrichment.agencies import AGENCIES
from riskreview.enrichment.questioning import Questions, questioned
from riskreview.enrichment.signals import CATEGORIES
from riskreview.evidence.models import Claim, Document, Judgement, Mention, Signal, Snapshot
from riskreview.lib.text import WHOLE_MAX

from .forms.judging import JudgeReading, Withdraw
from .layers import Layers, Over

ASKED = 60  # signals of which it is asked whether others say otherwise
FIGURE = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
LARGE = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6))
TONES = {"ASSERTED": "high", "ALLEGED": "med", "DENIED": "", "PROPOSED": "info"}


@dataclass(slots=True)
class Item:
    """One thing that was read, as the page shows it, with what people said of it and the forms to say it."""

    kind: str
    row: Any
    number: int
    label: str
    said: Judgement | None = None
    form: JudgeReading | None = None
    withdraw: Withdraw | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Where it stands in the list; its place in the text is `at-` and this."""
        return f"{self.kind.lower()}-{self.number}"

    @property
    def ref(self) -> str:
        """What stands for it in the text: C3, S2."""
        return f"{self.kind[0]}{self.number}"

    @property
    def is_rejected(self) -> bool:
        """Whether it counts nowhere, because somebody said so: from that moment on, not only once it is read again."""
        return bool(self.said.verdict == Judgement.Verdict.WRONG if self.said else self.row.state == "REJECTED")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is judged, as the form says it: which kind of thing, in which words, read as what."""
        return FACTS[self.kind](self)


@dataclass(slots=True)
class Understood:
    """All that was read in the newest text of a document."""

    snapshot: Snapshot | None = None
    reading: Any = None
    mentions: list[Item] = field(default_factory=list)
    claims: list[Item] = field(default_factory=list)
    signals: list[Item] = field(default_factory=list)
    agencies: list[Any] = field(default_factory=list)
    unknown: list[Any] = field(default_factory=list)
    flags: list[sanity.Flag] = field(default_factory=list)
    questions: Questions = field(default_factory=Questions)

    @property
    def unsure(self) -> list[Item]:
        """The mentions that count nowhere as yet."""
        return [each for each in self.mentions if each.row.state == Mention.State.UNCERTAIN]

    def layers(self) -> Layers:
        """Everything that is marked in the text."""
        names = [*(Over(each.row.start, each.row.end, each) for each in self.mentions if not each.is_rejected)]
        names += (Over(row.start, row.end, Item("AGENCY", row, 0, row.agency_name)) for row in self.agencies)
        names += (Over(row.start, row.end, Item("UNKNOWN", row, 0, row.surface)) for row in self.unknown)
        signals = [Over(each.row.start, each.row.end, each) for each in self.signals if not each.is_rejected]
        return Layers(names, list(self._said()), signals)

    def _said(self) -> Iterator[Over]:
        for each in self.claims:
            if not each.is_rejected:
                yield Over(each.row.start, each.row.end, each)
                if each.row.more_start is not None:
                    yield Over(each.row.more_start, each.row.more_end, each, opens=False)


def understood(document: Document, snapshot: Snapshot | None, user: Any, sent: Any = None) -> Understood:
    """What was read in a capture, in a constant number of queries. `sent` is a form with problems, or the fingerprint
    of what is to be judged."""
    if snapshot is None or snapshot.text is None:
        return Understood(snapshot)
    said = judging.judged(document, snapshot.text_sha256).rows
    may = may_judge(user)
    forms = Forms(document, user, said, sent if may else None, may)
    mentions, claims = rows_of(snapshot, "MENTION"), rows_of(snapshot, "CLAIM")
    signals = list(rows_of(snapshot, "SIGNAL"))
    return Understood(
        snapshot=snapshot,
        reading=getattr(snapshot, "reading", None),
        mentions=[forms.dress(item(snapshot, "MENTION", row, n)) for n, row in enumerate(mentions, 1)],
        claims=[forms.dress(item(snapshot, "CLAIM", row, n)) for n, row in enumerate(claims, 1)],
        signals=[forms.dress(item(snapshot, "SIGNAL", row, n)) for n, row in enumerate(signals, 1)],
        agencies=[named(row) for row in snapshot.agency_mentions.order_by("start")],
        unknown=list(snapshot.unknown_names.select_related("hint").order_by("start")),
        flags=sanity.flags(snapshot.text[:WHOLE_MAX], document.published_at, snapshot.fetched_at),
        questions=questioned(document, snapshot, signals[:ASKED]),
    )


def may_judge(user: Any) -> bool:
    """Whether this person may say what was read rightly."""
    verb: Any = Judgement.objects.judge
    return bool(verb.guard(None, user))


def rows_of(snapshot: Snapshot, kind: str) -> Any:
    """What was read of one kind, in the order of the text, which gives each its number."""
    if kind == "MENTION":
        return snapshot.mentions.select_related("vendor", "product").order_by("start")
    if kind == "CLAIM":
        return snapshot.claims.select_related("source_vendor").order_by("start", "kind")
    return snapshot.signals.select_related("claim").prefetch_related("vendors").order_by("start", "category")


def items_of(snapshot: Snapshot, kind: str) -> Iterator[Item]:
    """What was read of one kind, numbered, without what people said of it."""
    yield from (item(snapshot, kind, row, number) for number, row in enumerate(rows_of(snapshot, kind), 1))


def item(snapshot: Snapshot, kind: str, row: Any, number: int) -> Item:
    """One thing that was read."""
    row.snapshot = snapshot  # its fingerprint asks for the text's hash
    if kind == "MENTION":
        return Item(kind, row, number, row.vendor.canonical_name)
    return claim(row, number) if kind == "CLAIM" else signal(row, number)


def claim(row: Claim, number: int) -> Item:
    """A statement, with who says it."""
    return Item("CLAIM", row, number, who(row), more={"figures": [figure(each) for each in row.figures]})


def signal(row: Signal, number: int) -> Item:
    """A kind of risk, in plain words."""
    label = category(row.category)
    more = {"tone": TONES.get(row.status, ""), "agencies": [agency(key) for key in row.agencies]}
    return Item("SIGNAL", row, number, label[:1].upper() + label[1:], more=more)


def category(key: str) -> str:
    """What a kind of risk is called."""
    found = CATEGORIES.get(key)
    return found.label if found else key.replace("_", " ")


def named(row: Any) -> Any:
    """A public body with its name."""
    row.agency_name = agency(row.agency)
    return row


def agency(key: str) -> str:
    """What a public body is called."""
    found = AGENCIES.get(key)
    return found.name if found else key


def who(row: Claim) -> str:
    """Who says it, as far as the text tells."""
    if row.source_kind == Claim.SourceKind.VENDOR and row.source_vendor:
        return str(row.source_vendor.canonical_name)
    if row.source_kind == Claim.SourceKind.AGENCY and row.source_agency:
        return agency(row.source_agency)
    return row.source_name or row.get_source_kind_display()


def figure(told: dict[str, Any]) -> str:
    """A figure in words: "at least 40 million users"."""
    qualifier = str(told.get("qualifier", "")).lower().replace("_", " ")
    unit = "" if told.get("unit") == "money" else told.get("unit", "")
    amount = rounded(told.get("value", ""))
    return " ".join(str(part) for part in (qualifier, told.get("currency", ""), amount, unit) if part)


def rounded(value: str) -> str:
    """Plain digits as a person writes them: 600000000000 is "600 billion", 31500 is "31,500"."""
    if not FIGURE.fullmatch(value):
        return value
    amount = Decimal(value)
    name, size = next((each for each in LARGE if abs(amount) >= each[1]), ("", 1))
    told = f"{amount / size:,f}"
    return f"{told.rstrip('0').rstrip('.') if '.' in told else told} {name}".strip()


def facts_of_a_name(named: Item) -> list[tuple[str, str]]:
    """What a mention was read as."""
    product = f", {named.row.product.name}" if named.row.product else ""
    told = [("Name", named.row.surface), ("Read as", named.label + product)]
    return [*told, ("State", named.row.get_state_display().lower())]


def facts_of_a_claim(said: Item) -> list[tuple[str, str]]:
    """What a statement was read as."""
    told = [("Statement", said.row.words), ("Denied by" if said.row.denies else "Said by", said.label)]
    return [*told, ("Read as", said.row.get_kind_display().lower())]


def facts_of_a_signal(risk: Item) -> list[tuple[str, str]]:
    """What a kind of risk was read as."""
    about = ", ".join(vendor.canonical_name for vendor in risk.row.vendors.all())
    told = [("Kind of risk", risk.label), ("Words", risk.row.surface), ("About", about or "nobody on the register")]
    return [*told, ("Status", risk.row.get_status_display().lower())]


FACTS = {"MENTION": facts_of_a_name, "CLAIM": facts_of_a_claim, "SIGNAL": facts_of_a_signal}


@dataclass(frozen=True, slots=True)
class Forms:
    """Gives each item what people said of it and, to those who may judge, the form that is asked for."""

    document: Document
    user: Any
    said: Mapping[str, Judgement]
    sent: Any
    may: bool

    def dress(self, item: Item) -> Item:
        """The item with its judgement and forms."""
        fingerprint = item.row.fingerprint if self.said or self.sent else ""
        item.said = self.said.get(fingerprint)
        if self.may and item.said:
            item.withdraw = Withdraw(subject=item.said, user=self.user)
        elif fingerprint and self.asked == fingerprint:
            item.form = self.sent if isinstance(self.sent, JudgeReading) else self.fresh(item, fingerprint)
        return item

    @property
    def asked(self) -> str:
        """The fingerprint of what is to be judged."""
        return (
            str(self.sent.data.get("fingerprint", "")) if isinstance(self.sent, JudgeReading) else str(self.sent or "")
        )

    def fresh(self, item: Item, fingerprint: str) -> JudgeReading:
        """An empty form for an item."""
        first = {"target_kind": item.kind, "fingerprint": fingerprint}
        return JudgeReading(subject=self.document, user=self.user, initial=first, is_open=True)
