"""A memo as a Word document (DOCX), the same bytes for the same memo."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Inches, Pt

from .content import Memo

COLUMNS = ("Finding", "Before", "After", "Treatment")
WIDTHS = (2.8, 0.85, 0.85, 1.5)  # inches, of the six between the margins
SMALL = Pt(8)  # a SHA-256 fits on a line
UNSET = "Not placed"
GRADES = (
    "Letter: reliability of the source, A (completely reliable) to F (cannot be judged). Figure: credibility of the"
    " information, 1 (confirmed) to 6 (cannot be judged)."
)


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
    paged(document, memo)
    document.add_paragraph(memo.kind, style="Subtitle")
    document.add_heading(str(memo.title), 0)
    rows = [("To", standing.audience if memo.is_release else memo.requester)]
    rows += [("Asked by", memo.requester)] if memo.is_release else []
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


def paged(document: Any, memo: Memo) -> None:
    """What stands above and below every page: the marking, which version it is, and the number of the page."""
    standing, section = memo.standing, document.sections[0]
    mark(section.header.paragraphs[0], standing.marking)
    running = section.footer.paragraphs[0]
    running.text = f"{memo.ref}, version {standing.number}, digest {standing.proof.root[:16]}. Page "
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = running.add_run()._r
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        part.text = text or None
        if kind:
            part.set(qn("w:fldCharType"), kind)
        run.append(part)
    if standing.marking:
        mark(section.footer.add_paragraph(), standing.marking)


def mark(place: Any, marking: str) -> None:
    """The marking, in the middle of its line."""
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.add_run(marking).bold = True


def judged(document: Any, memo: Memo) -> None:
    """Judgements with confidence and citations, then the findings with their risk."""
    document.add_heading("Judgements", 1)
    for finding in memo.findings:
        line = document.add_paragraph(style="List Number")
        line.add_run(f"{portion(memo, finding.judged_mark)}{finding.judgment}").bold = True
        cited = f" [{', '.join(finding.cited)}]" if finding.cited else ""
        gone = f" {finding.unshown}" if finding.unshown else ""
        line.add_run(f" {finding.chance} ".replace("  ", " ") + f"Confidence: {finding.confidence}.{cited}{gone}")
    document.add_heading("Findings", 1)
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for cell, name in zip(table.rows[0].cells, COLUMNS, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for finding in memo.findings:
        parts = [f"{portion(memo, finding.basis_mark)}{finding.ref}. {finding.area}.", str(finding.basis)]
        parts += [f"Assumed: {finding.assumptions}"] if finding.assumptions else []
        parts += [f"Also possible: {finding.alternatives}"] if finding.alternatives else []
        parts += [finding.unshown]
        told = ["\n".join(part for part in parts if part), finding.before or UNSET, finding.after or UNSET]
        for cell, value in zip(table.add_row().cells, [*told, finding.treatment or "None stated"], strict=True):
            cell.text = str(value)
    # Some programs read the widths of the columns, others those of the cells.
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Inches(width)
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
        for cell, width in zip(row.cells, WIDTHS, strict=True):
            cell.width = Inches(width)


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
        party = (
            f"The party said: {each['summary']}"
            if each["summary"]
            else f"Nothing was received from the party. {each['why']}"
        )
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
        said(document, [f"Not yet signed. {further(memo.standing.missing)} needed, by somebody who had no part in it."])


def further(missing: int) -> str:
    """So many signatures, as the subject of a sentence."""
    return "A further signature is" if missing == 1 else f"{missing} further signatures are"


def cited(document: Any, memo: Memo) -> None:
    """The sources with their grades and their passages."""
    document.add_heading("Sources", 1)
    small(document, GRADES)
    for source in memo.sources:
        by = f"{source.publisher}, " if source.publisher else ""
        dated = f", {source.published}" if source.published else ""
        line = document.add_paragraph()
        line.add_run(f"{source.ref} {portion(memo, source.mark)}{source.grade} ").bold = True
        line.add_run(f"{by}“{source.headline}”{dated}. {source.stance}.")
        document.add_paragraph(str(source.passage), style="Quote")
        where = f"{source.url}, " if source.url else ""
        small(document, f"{where}captured {source.captured}, SHA-256 {source.digest}")
    if memo.is_release:
        small(document, memo.legend)


def proven(document: Any, memo: Memo) -> None:
    """Where the record holds it."""
    proof = memo.standing.proof
    document.add_heading("Record", 1)
    entry = f"Audit entry {proof.entry}. " if proof.entry else ""
    over = f" First signed checkpoint over that entry: {proof.checkpoint}." if proof.checkpoint else ""
    small(document, f"{entry}Digest of what was signed: {proof.root}.{over}")


def small(document: Any, text: str) -> None:
    """A paragraph in small print."""
    document.add_paragraph().add_run(text).font.size = SMALL


def portion(memo: Memo, mark: str) -> str:
    """The mark at the start of a paragraph of a version for other eyes."""
    return f"({mark}) " if memo.is_release else ""


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
