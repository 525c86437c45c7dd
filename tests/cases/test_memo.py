"""The memo: the sealed dossier in a reader's order, in three forms, the same bytes each time, with nothing fetched."""

import io
import re
import subprocess
import sys
import time
import zipfile
import zlib
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
    assert len(document.tables) == 1
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
