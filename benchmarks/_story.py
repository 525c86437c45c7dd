"""A small real history, through public verbs alone: people, a register, a case to its decision, refusals, accesses."""

from __future__ import annotations

import datetime
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

LEAD, APPROVER, AUDITOR = "lena@faults.example", "paul@faults.example", "aude@faults.example"
KEEPER, SECOND_KEEPER, FORGOTTEN = "ada@faults.example", "axel@faults.example", "ottilie.quast@faults.example"
FORGOTTEN_NAME, FORGOTTEN_ADDRESS = "Ottilie Quastenflosser", "203.0.113.77"
VENDORS = ("DeepSeek", "Alibaba", "ByteDance", "OpenAI", "Microsoft", "Baidu", "Nvidia", "Anthropic")
TEXT = (
    "DeepSeek released a new model this week. The National Security Council is looking at what its spread means."
    " Prompts are stored abroad, its terms say. Nobody has said what the review will cover."
)


def person(email: str) -> Any:
    """Somebody by address."""
    from riskreview.accounts.models import User

    return User.objects.get(email=email)


def first_chapter() -> None:
    """People, vendors, sources, documents: before the first signature."""
    people()
    register()
    sources()


def second_chapter() -> None:
    """An incident, a case with its decision, another that is sent back, refusals, and what was taken out."""
    incident()
    case = open_case("DeepSeek: what does its expansion mean for us?")
    judged(case)
    refused(lambda: approve(case, LEAD), person(LEAD))
    approve(case, APPROVER, "I have read the exhibits.")
    other = open_case("Alibaba: price war")
    judged(other)
    other.send_back(by=person(APPROVER), reason="The second finding needs a source.")
    suggestions(other)
    told_by_the_forgotten()
    accesses()
    holds()
    more(150)  # past 256 leaves, so that the tree has a tile


def people() -> None:
    """Who acts."""
    from riskreview.accounts.models import ApiToken, User
    from riskreview.accounts.roles import Role

    cast = {
        LEAD: ("Lena Lead", [Role.LEAD]),
        APPROVER: ("Paul Pair", [Role.APPROVER]),
        AUDITOR: ("Aude Auditor", [Role.AUDITOR]),
        KEEPER: ("Ada Admin", [Role.ADMINISTRATOR]),
        SECOND_KEEPER: ("Axel Admin", [Role.ADMINISTRATOR]),
        FORGOTTEN: (FORGOTTEN_NAME, [Role.REVIEWER]),
        "rod@faults.example": ("Rod Reader", [Role.READER]),
    }
    for email, (name, roles) in cast.items():
        User.objects.invite(by=User.objects.system(), email=email, name=name, roles=roles)
    now = datetime.datetime.now(datetime.UTC)
    until = now + datetime.timedelta(days=30)
    ApiToken.objects.issue(by=person(LEAD), name="Script", scopes=["read"], expires_at=until, now=now)


def register() -> None:
    """Vendors with their names, products and owners."""
    from riskreview.vendors.models import Alias, Product, Relation, Vendor

    lead = person(LEAD)
    with web(lead):
        vendors = [Vendor.objects.register(by=lead, canonical_name=name) for name in VENDORS]
        for vendor in vendors:
            vendor.describe(by=lead, summary=f"{vendor.canonical_name} makes models.", hq_country="")
            vendor.add_alias(by=lead, text=f"{vendor.canonical_name} Inc.", kind=Alias.Kind.LEGAL)
            vendor.add_product(by=lead, name=f"{vendor.canonical_name} 3", kind=Product.Kind.MODEL)
        vendors[3].relate(by=lead, other=vendors[4], kind=Relation.Kind.AFFILIATE, source="Press")


def sources() -> None:
    """Where documents come from, and some that somebody brought."""
    from riskreview.evidence.models import Document, Source

    lead, now = person(LEAD), datetime.datetime.now(datetime.UTC)
    for number in range(8):
        made = {
            "kind": "RSS",
            "source_class": Source.Class.WIRE,
            "url": f"https://news.example/{number}/feed",
        }
        source = Source.objects.register(by=lead, name=f"Wire {number}", **made)
        source.grade(by=lead, reliability="B", reason="It was right before.")
    for number in range(6):
        content = f"<html><body><p>{TEXT}</p><!-- {number} --></body></html>".encode()
        about = {"headline": f"Item {number}", "content": content, "content_type": "text/html", "now": now}
        document = Document.objects.upload(by=lead, **about)
        document.newest.read_as(title=document.headline, text=TEXT, extractor_version="faults")


def incident() -> None:
    """Something that happened."""
    from riskreview.evidence.models import Document
    from riskreview.incidents.models import Incident, Involvement
    from riskreview.vendors.models import Vendor

    lead = person(LEAD)
    told = {"kind": Incident.Kind.ALLEGATION, "title": "Accounts blocked", "occurred_from": datetime.date(2025, 1, 29)}
    made = Incident.objects.report(by=lead, neutral_summary="Accounts are said to be blocked.", **told)
    made.involve(by=lead, vendor=Vendor.objects.get(canonical_name="DeepSeek"), role=next(iter(Involvement.Role)))
    made.cite(by=lead, snapshot=Document.objects.order_by("pk")[0].newest, start=0, end=40)


def open_case(title: str) -> Any:
    """A case that somebody works on."""
    from riskreview.cases.models import Case
    from riskreview.vendors.models import Vendor

    lead = person(LEAD)
    vendor = Vendor.objects.get(canonical_name=title.partition(":")[0])
    about = {"question": "What follows for our agency?", "requester": "Desk", "vendors": [vendor]}
    case = Case.objects.open(by=lead, title=title, products=list(vendor.products.all()), **about)
    case.assign(by=lead, to=lead)
    return case


def judged(case: Any) -> None:
    """Exhibits, findings, a recommendation."""
    from riskreview.cases.models import Confidence, Disposition, Likelihood, RiskArea
    from riskreview.evidence.models import Document

    lead = person(LEAD)
    snapshots = [document.newest for document in Document.objects.exclude(entry_seq=0).order_by("pk")[:4]]
    with web(lead):
        exhibits = [case.add_exhibit(by=lead, snapshot=each, start=0, end=90) for each in snapshots]
        for area in (RiskArea.PRIVACY, RiskArea.DATA_JURISDICTION):
            told = {"likelihood": Likelihood.LIKELY, "confidence": Confidence.LOW, "exhibits": exhibits}
            case.add_finding(by=lead, risk_area=area, judgment="Data are likely to leave the region.", **told)
        case.submit(by=lead, disposition=Disposition.MONITOR, rationale="The record is thin; watch it.")


def suggestions(case: Any) -> None:
    """What the machine proposed and a person declined."""
    from django.db import transaction

    from riskreview.cases.models import Suggestion
    from riskreview.evidence.models import Document

    lead = person(LEAD)
    scored = {"score": 79, "band": Suggestion.Band.SUGGESTED, "parts": {"score": 79}, "reasons": ["Shared words."]}
    passage = {"start": 0, "end": 40, "excerpt": TEXT[:40], "version": "faults"}
    for document in Document.objects.order_by("-pk")[:2]:
        with transaction.atomic():
            Suggestion.objects.propose(case=case, snapshot=document.newest, **scored, **passage)
        Suggestion.objects.get(case=case, document=document).dismiss(by=lead, reason="Not about the question.")


def told_by_the_forgotten() -> None:
    """What the person did who is to be forgotten later."""
    from riskreview.accounts.models import ApiToken
    from riskreview.vendors.models import Vendor

    reviewer, now = person(FORGOTTEN), datetime.datetime.now(datetime.UTC)
    with web(reviewer, FORGOTTEN_ADDRESS):
        vendor = Vendor.objects.register(by=reviewer, canonical_name="Harbour Models")
        vendor.describe(by=reviewer, summary="A small vendor in a harbour.")
        until = now + datetime.timedelta(days=30)
        name = f"Laptop of {FORGOTTEN_NAME}"
        ApiToken.objects.issue(by=reviewer, name=name, scopes=["read"], expires_at=until, now=now)
        refused(lambda: person("rod@faults.example").dismiss(by=reviewer, reason="No."), reviewer)


def accesses() -> None:
    """What was taken out, and what was forbidden."""
    from riskreview.audit.models import Entry
    from riskreview.evidence.models import Document
    from riskreview.vendors.models import Vendor

    rod = person("rod@faults.example")
    with web(rod, "192.0.2.30"):
        for document in Document.objects.order_by("pk"):
            Entry.objects.access(rod, "document.download", document, sha256=document.newest.raw_sha256)
        for vendor in Vendor.objects.order_by("pk"):
            refused(lambda vendor=vendor: vendor.rename(by=rod, canonical_name="Other"), rod)


def holds() -> None:
    """Two legal holds, one of them lifted again."""
    from riskreview.audit.models import Ledger

    ledger, ada = Ledger.objects.the(), person(KEEPER)
    for number in ("1", "2"):
        ledger.place_hold(by=ada, subject_type="case", subject_id=number, reason="Proceeding 25-1")
    ledger.lift_hold(by=ada, hold=ledger.holds.order_by("-pk")[0], reason="It is over.")


def more(count: int = 5) -> None:
    """Some more acts, one after the other about the same vendor."""
    from riskreview.vendors.models import Vendor

    vendor, lead = Vendor.objects.get(canonical_name="Baidu"), person(LEAD)
    for number in range(count):
        vendor.describe(by=lead, summary=f"Described once more, {number}.")


def approve(case: Any, email: str, statement: str = "") -> None:
    """Sign what waits, as a page does for somebody who gave the right password."""
    from riskreview.accounts.confirming import PASSWORD, Confirmation

    signer = person(email)
    proof = Confirmation(signer.pk, datetime.datetime.now(datetime.UTC), PASSWORD)
    read = case.open_decision().dossier_sha256
    case.approve(by=signer, dossier_sha256=read, confirmed=proof, statement=statement)


def refused(act: Callable[[], object], by: Any) -> None:
    """An act that a guard forbids, and the entry about the attempt that the error handler of pages and API writes."""
    from riskreview.audit.models import Entry
    from riskreview.audit.refusals import NotAllowed

    try:
        act()
    except NotAllowed as refusal:
        Entry.objects.refuse(by, refusal.verb, refusal.subject, str(refusal))
    else:
        raise RuntimeError("a guard let it through")


@contextmanager
def web(user: Any, address: str = "192.0.2.10") -> Iterator[None]:
    """As if it came through a page."""
    from riskreview.audit.channel import Channel, acting_through

    with acting_through(Channel(via="web", request=uuid.uuid4(), address=address, agent="Firefox/140.0")):
        yield


def main() -> int:
    """Carry one more case to its decision, in a process of its own and so under a database role of its own."""
    import django

    django.setup()
    case = open_case("OpenAI: bought as a process of its own")
    judged(case)
    approve(case, APPROVER)
    print(f"{case.ref} is {case.get_status_display().lower()}, after {case.entry_seq} acts")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")
    sys.exit(main())
