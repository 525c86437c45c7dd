"""A memo as a Word document (DOCX), the same bytes for the same memo."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from .content import Finding, Memo, Source

COLUMNS = ("Finding", "Before", "After", "Treatment")
UNSET = "Not placed"


def word(memo: Memo, moment: datetime.datetime) -> bytes:
    """The document. `moment` is the time it speaks of."""
    document = docx.Document()
    about(document, memo, moment)
    head(document, memo)
    judged(document, memo)
    bound(document, memo)
    differing(document, memo)
    signed(document, memo)
    cited(document, memo)
    proven(document, memo)
    packed = io.BytesIO()
    document.save(packed)
    return undated(packed.getvalue())


def about(document: Any, memo: Memo, moment: datetime.datetime) -> None:
    """What programs read of the document: title, language, times."""
    core, at = document.core_properties, moment.astimezone(datetime.UTC).replace(tzinfo=None, microsecond=0)
    core.title, core.subject = f"{memo.ref}: {memo.title}"[:255], memo.standing.status[:255]
    core.author = core.last_modified_by = "riskreview"
    core.created = core.modified = core.last_printed = at
    core.language, core.comments, core.keywords, core.revision = "en", "", "", 1
    for run in document.styles.element.iter(qn("w:rPrDefault")):
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "en-GB")
        properties = run.find(qn("w:rPr"))
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(language)


def head(document: Any, memo: Memo) -> None:
    """Marking, title, what it is, and the decision first."""
    standing = memo.standing
    for place in (document.sections[0].header, document.sections[0].footer):
        place.paragraphs[0].text = standing.marking
    document.add_heading(str(memo.title), 0)
    rows = [("To", standing.audience if memo.is_release else memo.requester)]
    rows += [("From", each.name) for each in standing.signatures[:1]]
    rows += [("Date", standing.date), ("Case", f"{memo.ref}, version {standing.number}"), ("About", memo.vendors)]
    for name, value in [*rows, ("Status", standing.status)]:
        if value:
            line = document.add_paragraph()
            line.add_run(f"{name}: ").bold = True
            line.add_run(str(value))
    document.add_heading("Decision" if standing.is_final else "Proposed decision", 1)
    to = f", to {memo.referred_to}" if memo.referred_to else ""
    document.add_paragraph().add_run(f"{memo.verdict}{to}.").bold = True
    said(document, memo.rationale)
    document.add_heading("Question", 1)
    said(document, memo.question)


def judged(document: Any, memo: Memo) -> None:
    """Judgements with confidence and citations, then the findings with their risk."""
    document.add_heading("Judgements", 1)
    for finding in memo.findings:
        line = document.add_paragraph(style="List Number")
        line.add_run(f"{portion(memo, finding)}{finding.judgment}").bold = True
        chance = "Established as a fact." if finding.is_fact else f"{finding.likelihood}."
        cited = ", ".join(f"[{number}]" for number in finding.rests_on)
        line.add_run(f" {chance} Confidence: {finding.confidence}. {cited}".rstrip())
    document.add_heading("Findings", 1)
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.text = name
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for finding in memo.findings:
        parts = [f"{portion(memo, finding)}{finding.ref}. {finding.area}", str(finding.basis)]
        parts += [f"Assumed: {finding.assumptions}"] if finding.assumptions else []
        parts += [f"Also possible: {finding.alternatives}"] if finding.alternatives else []
        told = ["\n".join(part for part in parts if part), finding.before or UNSET, finding.after or UNSET]
        for cell, value in zip(table.add_row().cells, [*told, finding.treatment or "None stated"], strict=True):
            cell.text = str(value)


def bound(document: Any, memo: Memo) -> None:
    """What the decision does and asks for."""
    if memo.effects or memo.conditions:
        document.add_heading("Effects and conditions", 1)
        for effect in memo.effects:
            document.add_paragraph(str(effect), style="List Bullet")
        for condition in memo.conditions:
            document.add_paragraph(" ".join(str(part) for part in condition if part), style="List Bullet")


def differing(document: Any, memo: Memo) -> None:
    """What others think, the reviewed party among them."""
    document.add_heading("Views that differ", 1)
    said(document, memo.dissent or ([] if memo.dissents else ["None were put on record."]))
    said(document, (f"{each.name}, who signed in dissent: {each.statement}" for each in memo.dissents))
    for each in memo.heard:
        party = f"The party said: {each['summary']}" if each["summary"] else f"Nothing was received. {each['why']}"
        considered = f" Considered: {each['consideration']}" if each["consideration"] else ""
        said(document, [f"{each['ref']}. {party}{considered}"])


def signed(document: Any, memo: Memo) -> None:
    """Who signed what, and how many signatures are open."""
    document.add_heading("Signatures", 1)
    for each in memo.standing.signatures:
        line = document.add_paragraph()
        line.add_run(str(each.name)).bold = True
        line.add_run(f". {each.meaning}{', ' + each.role if each.role else ''}. {each.when}")
        if each.statement and each.meaning != "Dissented":
            line.add_run(f". “{each.statement}”")
    if memo.standing.missing:
        said(document, [f"Not yet signed: {memo.standing.missing} more needed, by people who had no part in it."])


def cited(document: Any, memo: Memo) -> None:
    """The sources with their grades and their passages."""
    document.add_heading("Sources", 1)
    for source in memo.sources:
        where = f"{source.publisher}, " if source.publisher else ""
        dated = f", {source.published}" if source.published else ""
        line = document.add_paragraph()
        line.add_run(f"[{source.number}] {portion(memo, source)}{source.grade} ").bold = True
        line.add_run(f"{where}“{source.headline}”{dated}. {source.stance}.")
        document.add_paragraph(str(source.passage), style="Quote")
        said(document, [f"{source.url} captured {source.captured}, SHA-256 {source.digest}".strip()])


def proven(document: Any, memo: Memo) -> None:
    """Where the record holds it."""
    proof = memo.standing.proof
    document.add_heading("Record", 1)
    entry = f"Audit entry {proof.entry}. " if proof.entry else ""
    said(document, [f"{entry}Digest of what was signed: {proof.root}. {proof.checkpoint}".strip()])


def portion(memo: Memo, part: Finding | Source) -> str:
    """The mark at the start of a paragraph of a version for other eyes."""
    return f"({part.mark}) " if memo.is_release else ""


def said(document: Any, texts: Iterable[Any]) -> None:
    """Paragraphs of texts, without the empty ones."""
    for text in texts:
        for each in str(text).split("\n"):
            if each.strip():
                document.add_paragraph(each)


def undated(packed: bytes) -> bytes:
    """The same archive without the times at which its parts were packed."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return whole.getvalue()
