"""The memo: the sealed dossier in a reader's order, in three forms, the same bytes each time, with nothing fetched."""

import datetime
import io
import re
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from html import unescape
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from riskreview.audit.models import Entry
from riskreview.audit.refusals import NotNow
from riskreview.cases.memo import taking
from riskreview.cases.models import Release
from riskreview.lib import printing
from tests import make
from tests.cases import dossiers

pytestmark = pytest.mark.django_db
FONTS = Path(printing.__file__).parents[2] / "static" / "fonts"
ORDER = ["Decision", "Question", "Judgements", "Findings", "Effects and conditions", "Views that differ"]
ORDER += ["Signatures", "Sources"]


@pytest.fixture
def case(alice, bob):
    return dossiers.decided(alice, bob)


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_it_says_the_decision_first_and_then_what_it_rests_on(case, dave):
    page = taking.take(case, by=dave, form="html").data.decode()
    assert re.findall(r"<h2>(.+?)</h2>", page) == ORDER
    finding = case.findings.get()
    for words in (
        case.question,
        finding.judgment,
        "Two reviewers would wait",
        "Restrict: the hosted app (hosted service), for agency staff, United States, from 10 February 2025.",
        "No agency data is sent to the hosted service.",
        "By 30 April 2025.",
        "Harbour Wire",
        ">F2<",
        "Very high",
        case.decision.sealed.root,
        "Final, signed by two people",
        str(Entry.objects.get(verb="case.approve").uuid),
    ):
        assert words.replace("'", "&#x27;") in page, words


def test_who_took_it_is_on_record(case, dave):
    taking.take(case, by=dave, form="docx")
    entry = Entry.objects.about(case).newest_first()[0]
    assert (entry.kind, entry.verb, entry.actor) == ("access", "case.export_memo", dave)
    assert entry.private["arguments"] == {"decision": 1, "form": "docx"}


def test_it_says_proposed_until_it_is_decided(alice, dave):
    case = dossiers.waiting(alice)
    page = taking.take(case, by=dave, form="html").data.decode()
    for words in ("Proposed decision", "Proposed, awaiting a further signature", "Not yet signed"):
        assert words in page
    assert "Final" not in page


def test_without_a_sealed_recommendation_there_is_none(alice, dave):
    with pytest.raises(NotNow, match="no sealed recommendation"):
        taking.take(make.case(by=alice, status="IN_REVIEW"), by=dave, form="html")


def test_the_pdf_is_tagged_and_says_what_and_in_which_language_it_is(case, dave):
    reader = PdfReader(io.BytesIO(taking.take(case, by=dave, form="pdf").data))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert case.ref in reader.metadata.title
    kinds = tags(catalog["/StructTreeRoot"]["/K"])
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI"} <= kinds
    assert "/Figure" not in kinds
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    moment = case.decision.approved_at
    assert reader.metadata.creation_date.timestamp() == int(moment.timestamp())


def tags(node) -> set[str]:
    """The kinds of elements of a structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*(tags(each) for each in node))
    if not isinstance(node, dict):
        return set()
    return ({str(node["/S"])} if "/S" in node else set()) | (tags(node["/K"]) if "/K" in node else set())


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_it_is_the_same_file_each_time(case, dave, form):
    first = taking.take(case, by=dave, form=form).data
    time.sleep(2.1)  # zip archives and fonts tell times in steps of up to two seconds
    assert taking.take(case, by=dave, form=form).data == first


def test_printing_fetches_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET-IN-A-FILE")
    page = (
        f'<html lang="en"><title>x</title><body><p>Here.<img alt="no" src="file://{secret}">'
        f'<object data="file://{secret}"></object><link rel="attachment" href="file://{secret}">'
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><p>There.'
    )
    made = printing.pdf(page, fonts=FONTS, epoch=0)
    assert "Here. There." in text_of(made)
    assert "/EmbeddedFiles" not in str(PdfReader(io.BytesIO(made)).trailer["/Root"].get("/Names", ""))
    assert b"SECRET" not in made


@pytest.mark.parametrize(
    ("limit", "value", "words"), [("LARGEST", 10, "too long to be printed"), ("SECONDS", 0.01, "longer than 0.01 s")]
)
def test_printing_has_limits(monkeypatch, limit, value, words):
    monkeypatch.setattr(printing, limit, value)
    with pytest.raises(printing.NotPrinted, match=words):
        printing.pdf("<html><title>x</title><p>Many words.</html>", fonts=FONTS, epoch=0)


def test_a_server_without_pango_says_so(monkeypatch, tmp_path, case, dave):
    (tmp_path / "program.py").write_text("raise SystemExit(3)")
    monkeypatch.setattr(printing, "__file__", str(tmp_path / "program.py"))
    with pytest.raises(NotNow, match="Pango is not installed"):
        taking.take(case, by=dave, form="pdf")
    assert not Entry.objects.about(case).filter(kind="access").exists()


def test_the_docx_reads_in_the_same_order_and_is_dated_by_the_decision(case, dave):
    data = taking.take(case, by=dave, form="docx").data
    document = docx.Document(io.BytesIO(data))
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [*ORDER, "Record"]
    core = document.core_properties
    assert case.ref in core.title
    assert core.created.replace(microsecond=0).timestamp() is not None
    assert core.language == "en"
    (table,) = document.tables
    assert [column.width for column in table.columns] == [cell.width for cell in table.rows[1].cells]
    assert table.columns[0].width.inches > 2.5
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.fixture
def release(case, alice):
    release = Release.objects.prepare(
        by=alice, case=case, decision=case.decision, audience="The vendor", marking="CBI removed"
    )
    release.redact(by=alice, path="exhibit.2", ground="Exemption 4")
    release.redact(by=alice, path="signatures", ground="Exemption 6")
    return release


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_what_a_release_hides_is_nowhere_in_its_bytes(release, alice, bob, form):
    release.issue(by=bob)
    data = taking.take_release(release, by=alice, form=form).data
    unpacked = data
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = b"".join(packed.read(each) for each in packed.namelist())
    if form == "pdf":
        unpacked = text_of(data).encode() + str(PdfReader(io.BytesIO(data)).metadata).encode()
        unpacked += b"".join(
            zlib.decompress(each) for each in re.findall(rb"stream\n(x.*?)\nendstream", data, re.DOTALL)
        )
    for words in (b"41 cents", b"Letter of the vendor", b"Alice", b"Bob"):
        assert words not in unpacked, words
    assert b"Exemption 4" in unpacked
    assert b"(WHD)" in unpacked


def test_a_release_marks_its_paragraphs_and_has_bars_with_the_ground(release, alice, bob):
    release.restore(by=alice, path="exhibit.2")
    release.redact(by=alice, path="exhibit.2.passage", ground="Exemption 4")
    release.issue(by=bob)
    page = taking.take_release(release, by=alice, form="html").data.decode()
    marks = re.findall(r'memo-portion">\((\w+)\)', page)
    assert marks == ["CBI", "CBI", "PUB", "CBI"]  # a judgement and a finding on both sources, then the sources
    assert page.count('class="memo-bar"') == 1 + 3
    assert "[Exemption 4]" in page
    assert "verify_release" in page


@pytest.mark.parametrize(
    ("hidden", "marks", "unshown"),
    [
        (["exhibit.2"], ["PUB", "PUB", "PUB", "WHD"], "[E2 not shown]"),
        (["exhibit.1"], ["CBI", "CBI", "WHD", "CBI"], "[E1 not shown]"),
        (["exhibit.1", "exhibit.2"], ["NST", "NST", "WHD", "WHD"], "[E1, E2 not shown]"),
        (["exhibit.2.source_class"], ["NST", "NST", "PUB", "NST"], ""),
        (["finding.1.exhibits"], ["NST", "NST", "PUB", "CBI"], ""),
        (["finding.1"], ["WHD", "WHD", "PUB", "CBI"], ""),
        (["finding.1.judgment"], ["WHD", "CBI", "PUB", "CBI"], ""),
    ],
)
def test_a_mark_says_what_is_true_of_its_paragraph(case, alice, bob, hidden, marks, unshown):
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    for path in hidden:
        release.redact(by=alice, path=path, ground="Exemption 4")
    release.issue(by=bob)
    page = taking.take_release(release, by=alice, form="html").data.decode()
    assert re.findall(r'memo-portion">\((\w+)\)', page) == marks
    assert page.count(" not shown]") == (2 if unshown else 0)
    assert ("(NST) how its source stands is not shown" in page) == ("NST" in marks)
    for form, words in in_all_forms(lambda form: taking.take_release(release, by=alice, form=form)).items():
        assert words.count(unshown) == 2 or not unshown, form
        assert f"({marks[1]}) F1" in words, form


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_no_form_of_a_draft_goes_out(release, alice, form):
    with pytest.raises(NotNow, match="not issued yet"):
        taking.take_release(release, by=alice, form=form)
    assert not Entry.objects.filter(verb="release.export_memo").exists()


def test_what_is_shown_of_a_draft_says_that_it_is_one(release, bob):
    assert taking.told_to_others(release).standing.marking == "Draft, not issued. CBI removed"
    release.issue(by=bob)
    assert taking.told_to_others(release).standing.marking == "CBI removed"


def test_the_file_goes_out_once_it_was_issued_and_as_it_was(release, alice, bob, dave):
    with pytest.raises(NotNow, match="not issued yet"):
        taking.take_file(release, by=dave)
    release.issue(by=bob)
    data = taking.take_file(release, by=dave)
    assert b"41 cents" not in data
    Release.objects.filter(pk=release.pk).update(sha256="0" * 64)
    with pytest.raises(NotNow, match="auditor"):
        taking.take_file(Release.objects.get(pk=release.pk), by=dave)


def test_two_programs_print_the_same(case, dave, tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(taking.take(case, by=dave, form="html").data)
    program = [sys.executable, "-I", printing.__file__, str(FONTS)]
    made = set()
    for epoch in ("1738000000", "1738000000"):
        done = subprocess.run(
            program, input=page.read_bytes(), capture_output=True, env={"SOURCE_DATE_EPOCH": epoch}, check=True
        )
        made.add(done.stdout)
    assert len(made) == 1


def run(*command: str, cwd: Path) -> None:
    """A program that must succeed."""
    subprocess.run(command, cwd=cwd, check=True, capture_output=True, timeout=120)


def in_all_forms(taken) -> dict[str, str]:
    """The words of a memo in each of its forms, blanks as one."""
    html, pdf, word = (taken(form).data for form in ("html", "pdf", "docx"))
    document = docx.Document(io.BytesIO(word))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    told = {"docx": " ".join((*(each.text for each in document.paragraphs), *cells)), "pdf": text_of(pdf)}
    told["html"] = unescape(re.sub(r"<style.*?</style>|<[^>]+>", "", html.decode(), flags=re.DOTALL))
    return {form: re.sub(r"\s+", " ", words) for form, words in told.items()}


def test_every_form_says_the_same_in_the_same_words(alice, bob, dave):
    case = dossiers.waiting(alice)
    case.send_back(by=bob, reason="More.")
    judged = {"judgment": "Prompts are likely to be kept [E1]", "likelihood": "LIKELY", "confidence": "LOW"}
    case.add_finding(
        by=alice, risk_area="PRIVACY", exhibits=list(case.exhibits.all()), basis="It says so [E1]", **judged
    )
    case.draft_condition(by=alice, text="Ask each year", due_on=datetime.date(2025, 3, 1))
    case.submit(by=alice, disposition="MONITOR", rationale="Watch it.")
    make.approval(case, by=bob)
    for form, words in in_all_forms(lambda form: taking.take(case, by=dave, form=form)).items():
        for told in (
            "Approved, Approver",
            "Prompts are likely to be kept [E1]. Likely (55-80 %). Confidence: low. [E2]",
            "Ask each year. By 1 March 2025.",
            "Privacy. It says so [E1].",
            "E1 ",
        ):
            assert told in words, (form, told)
        for never in ("APPROVER", "[1]", "Assumed:", "Also possible:", "█", " . "):
            assert never not in words, (form, never)


def test_where_nothing_stands_a_release_hides_nothing(case, alice, bob):
    release = Release.objects.prepare(by=alice, case=case, decision=case.decision, audience="The vendor")
    release.redact(by=alice, path="finding.1", ground="Exemption 5")
    release.issue(by=bob)
    for form, words in in_all_forms(lambda form: taking.take_release(release, by=alice, form=form)).items():
        assert "Exemption 5" in words, form
        assert "Assumed:" not in words, form
        assert "Also possible:" not in words, form


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_reads_the_docx_as_it_was_meant(release, alice, bob, tmp_path):
    release.issue(by=bob)
    (tmp_path / "memo.docx").write_bytes(taking.take_release(release, by=alice, form="docx").data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "memo.docx", cwd=tmp_path)
    reader = PdfReader(tmp_path / "memo.pdf")
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    whole = " ".join(pages)
    assert release.case.ref in reader.metadata.title
    for number, page in enumerate(pages, start=1):
        assert page.count("CBI removed") >= 2  # above and below
        assert f"Page {number}" in page
    assert [words for words in (*ORDER, "Record") if words not in whole] == []
    for words in ("1. ", "Finding Before After Treatment", "[withheld: Exemption 4]", "E1 (PUB)"):
        assert words in whole, words
    assert "41 cents" not in whole
