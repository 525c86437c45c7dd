"""`manage.py collect`: says what became of each file, page or feed; one that fails never stops the others."""

import io

import pytest
from django.core.management import CommandError, call_command

from riskreview.cases.models import Case, Suggestion
from riskreview.enrichment.management.commands import collect as command
from riskreview.evidence.models import Document, Snapshot
from riskreview.vendors import catalogue
from riskreview.vendors.models import Vendor
from riskreview.web.demo import questions
from tests import make
from tests.enrichment import seed
from tests.enrichment.pages import REVIEW, html

pytestmark = pytest.mark.django_db
HOLLOW = b"<!doctype html><html><body><img src=x></body></html>"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>https://news.example/</link>
<item><guid isPermaLink="false">1</guid><title>First note</title><description>DeepSeek one.</description></item>
<item><guid isPermaLink="false">2</guid><title>Second note</title><description>DeepSeek two.</description></item>
</channel></rss>"""


@pytest.fixture
def case(alice):
    return make.case(by=alice, title="National security review of DeepSeek")


@pytest.fixture
def collect():
    """Run the command; what it said, what it complained of, and its exit status."""

    def run(*what, **options):
        out, err, status = io.StringIO(), io.StringIO(), 0
        try:
            call_command("collect", *map(str, what), stdout=out, stderr=err, no_color=True, **options)
        except CommandError as error:
            err.write(str(error))
            status = error.returncode
        return out.getvalue(), err.getvalue(), status

    return run


@pytest.fixture
def file(tmp_path):
    def written(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def test_a_text_file_is_read_and_suggested_with_its_reason(case, collect, file):
    said, complaints, status = collect(file("council-review.txt", "\n\n".join(REVIEW)))
    assert (complaints, status) == ("", 0)
    assert said.startswith("council review\n")
    assert "mentions: DeepSeek" in said
    assert f"1. {case.ref} {case.title} (score " in said
    assert "“The White House said that the National Security Council is looking" in said
    suggestion = Suggestion.objects.get()
    assert all(reason in said for reason in suggestion.reasons)


def test_a_page_is_read(case, collect, file):
    said, _, status = collect(file("saved.html", html(*REVIEW)))
    assert status == 0
    assert "mentions: DeepSeek" in said
    assert Document.objects.get().newest.raw == html(*REVIEW)


def test_a_saved_feed_is_as_many_documents_as_it_has_items(case, collect, file):
    said, _, status = collect(file("feed.xml", FEED))
    assert (status, Document.objects.count()) == (0, 2)
    assert [line for line in said.splitlines() if not line.startswith(" ")] == ["First note", "Second note"]


def test_an_address_is_fetched(case, collect, newsroom):
    article = newsroom.site.corpus.articles[0]
    said, _, status = collect(f"{newsroom.url}{article.path}")
    assert status == 0
    assert article.headline in said
    assert Document.objects.get().newest.final_url == f"{newsroom.url}{article.path}"


def test_the_address_of_a_feed_holds_its_items_for_the_workers(case, collect, newsroom, work):
    said, _, status = collect(f"{newsroom.url}/harbour-wire/feed.xml")
    assert status == 0
    assert said.count("held; the workers will read it") == Document.objects.count() > 3
    work()
    assert not Document.objects.all().left().exists()


def test_later_leaves_the_reading_to_the_workers(case, collect, file, work):
    said, _, _ = collect(file("note.txt", "\n".join(REVIEW)), later=True)
    assert "held; the workers will read it" in said
    assert Document.objects.get().digested_at is None
    work()
    assert Document.objects.get().digested_at


def test_the_same_file_twice_is_one_document(case, collect, file):
    path = file("note.txt", "\n".join(REVIEW))
    first, _, _ = collect(path)
    second, _, status = collect(path, file("copy.txt", "\n".join(REVIEW)))
    assert (status, Document.objects.count(), Snapshot.objects.count()) == (0, 1, 1)
    assert second == first * 2


def test_what_names_nobody_says_so(collect, file):
    said, _, status = collect(file("bread.txt", "Flour and water make a dough, and time makes it a bread."))
    assert status == 0
    assert "0 mentions: no vendor on the register" in said
    assert "suggested to no open case" in said


BAD = {
    "empty.txt": (b"", "There is nothing in it."),
    "blank.txt": (b" \n\t ", "There is nothing in it."),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "It is a PNG image, not text."),
    "renamed.txt": (b"%PDF-1.4\n" + bytes(range(256)) * 20, "It is a PDF file, not text."),
    "program.txt": (bytes(range(256)) * 50, "binary"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_says_why_and_the_others_are_collected(case, collect, file, name):
    content, reason = BAD[name]
    bad, good = file(name, content), file("good.txt", "\n".join(REVIEW))
    said, complaints, status = collect(bad, good)
    assert status == 1
    assert f"{bad}: " in complaints
    assert reason in complaints
    assert "1 of 2 could not be collected; the others were." in complaints
    assert "good" in said
    assert [document.headline for document in Document.objects.all()] == ["good"]


def test_a_page_without_words_is_archived_and_its_reason_said(case, collect, file):
    said, complaints, status = collect(file("hollow.html", HOLLOW), file("good.txt", "\n".join(REVIEW)))
    assert "good" in said
    assert status == 1
    assert "hollow: The page has no readable text." in complaints
    assert "1 of 2" in complaints
    hollow = Document.objects.get(digested_at=None)
    assert (hollow.newest.raw, hollow.newest.text) == (HOLLOW, None)
    assert hollow.dead_at


def test_an_item_without_words_does_not_silence_the_rest_of_its_feed(case, collect, file):
    feed = FEED.replace("DeepSeek one.", "<![CDATA[<script>x</script>]]>").replace("First note", "")
    said, complaints, status = collect(file("feed.xml", feed))
    assert (status, complaints.count("1 of 1")) == (1, 1)
    assert "Second note" in said


def test_a_missing_file_and_a_folder_say_so(case, collect, file, tmp_path):
    _, complaints, status = collect(tmp_path / "nowhere.txt", tmp_path, file("good.txt", "\n".join(REVIEW)))
    assert status == 1
    assert f"{tmp_path / 'nowhere.txt'}: No such file or directory" in complaints
    assert f"{tmp_path}: Is a directory" in complaints
    assert "2 of 3" in complaints
    assert Document.objects.count() == 1


def test_an_oversized_file_is_refused_unread(collect, file, monkeypatch):
    monkeypatch.setattr(command, "LARGEST", 1_000)
    _, complaints, status = collect(file("long.txt", "x" * 1_001))
    assert status == 1
    assert "larger than 1,000 bytes" in complaints
    assert not Document.objects.exists()


def test_an_address_that_fails_says_why_and_the_others_are_collected(case, collect, newsroom, file):
    bad = f"{newsroom.url}/bad/404"
    said, complaints, status = collect(bad, "http://127.0.0.1:1/", file("good.txt", "\n".join(REVIEW)))
    assert status == 1
    assert f"{bad}: The server answered with status 404." in complaints
    assert "http://127.0.0.1:1/: " in complaints
    assert "good" in said
    assert Document.objects.count() == 1


@pytest.mark.parametrize("path", ["empty", "binary", "huge", "redirect-loop", "gzip-bomb"])
def test_a_hostile_address_is_never_half_stored(collect, newsroom, path):
    _, complaints, status = collect(f"{newsroom.url}/bad/{path}")
    assert status == 1
    assert complaints.count(".\n") >= 1
    assert not Document.objects.exists()


def test_text_in_another_encoding_is_read(case, collect, file):
    said, _, status = collect(file("latin.txt", "Prüfung läuft: DeepSeek äußert sich später.".encode("latin-1")))
    assert status == 0
    assert Document.objects.get().newest.text.startswith("Prüfung läuft")
    assert "DeepSeek" in said


@seed.needs_seed
def test_the_seed_article_names_its_eight_vendors_and_finds_the_national_security_case(collect, alice, carol):
    catalogue.load(by=carol)
    for question in questions.ALL:
        vendors = list(Vendor.objects.filter(slug__in=question.vendors))
        given = {"title": question.title, "question": question.question, "requester": question.requester}
        Case.objects.open(by=alice, vendors=vendors, **given)
    said, _, status = collect(seed.SEEDS / "qwen-2.5-max.txt")
    assert status == 0
    named = next(line for line in said.splitlines() if " mentions: " in line)
    for vendor in ("Alibaba", "DeepSeek", "OpenAI", "ByteDance", "Baidu", "Meta", "Amazon", "Microsoft"):
        assert vendor in named
    best = list(Suggestion.objects.all().best_first()[:2])
    council = next(suggestion for suggestion in best if suggestion.case.title == questions.NSC.title)
    assert "National Security Council" in council.excerpt
    assert f"“{council.excerpt}”" in said
    assert council.reasons
