"""Material by hand: addresses, a text and files, each its own act, each with its own line."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.audit.models import Entry
from riskreview.enrichment import pipeline
from riskreview.enrichment.holding import hold, hold_all
from riskreview.enrichment.sources import Bytes, Item
from riskreview.evidence.models import Document, Salience
from riskreview.web import arriving
from riskreview.web.forms import intake as limits
from tests import make
from tests.enrichment.files import docx, mail, paragraph, pdf

from .conftest import text_of

pytestmark = pytest.mark.django_db
ADDRESS = "https://news.example/one"


def file(name="memo.txt", content=b"A memo, in full.", kind="text/plain"):
    return SimpleUploadedFile(name, content, kind)


@pytest.fixture
def add(browse):
    """Send the form as somebody."""

    def send(user, **fields):
        return browse(user).post("/intake/", fields)

    return send


def lines(response):
    """The words and the documents of the result, in its order."""
    return [(line.word, line.given, line.document) for line, _ in response.context["rows"]]


def test_addresses_a_text_and_files_come_in_together_in_the_order_given(add, alice):
    response = add(alice, addresses=f"{ADDRESS}\nhttps://news.example/two  The second  one", text="First line.\nMore.",
                   headline="", publisher="The ministry", files=[file(), file("b.md", b"# B")])  # fmt: skip
    held = list(Document.objects.order_by("pk"))
    assert lines(response) == [
        ("Added", ADDRESS, held[0]),
        ("Added", "https://news.example/two The second one", held[1]),
        ("Added", "First line.", held[2]),
        ("Added", "memo.txt", held[3]),
        ("Added", "b.md", held[4]),
    ]
    assert [(each.headline, each.publisher) for each in held[1:3]] == [
        ("The second one", ""), ("First line.", "The ministry"),
    ]  # fmt: skip
    assert held[2].newest.raw == b"First line.\nMore."
    acts = Entry.objects.filter(subject_type="document").order_by("pk").values_list("verb", "actor")
    assert list(acts) == [("document.bring", alice.pk)] * 2 + [("document.upload", alice.pk)] * 3


def test_one_bad_line_never_stops_the_others(add, alice):
    given = "ftp://news.example/x\nhttps://user:secret@news.example/y\nwords\n" + ADDRESS
    response = add(alice, addresses=given, files=[file("empty.txt", b" "), file("run.exe", b"MZ"), file()])
    assert [word for word, _, _ in lines(response)] == ["Refused"] * 3 + ["Added"] + ["Refused"] * 2 + ["Added"]
    told = text_of(response)
    assert "An address begins with http:// or https://" in told
    assert "There is nothing in it." in told or "empty" in told
    assert Document.objects.count() == 2


def test_what_was_refused_waits_in_the_form(add, alice):
    form = add(alice, addresses=f"{ADDRESS}\nnews.example/mistyped Its title").context["form"]
    assert form.initial["addresses"] == "news.example/mistyped Its title"


def test_the_same_again_leads_to_what_we_hold(add, alice):
    first = add(alice, addresses=ADDRESS, text="A text.", files=[file()])
    again = add(alice, addresses="http://NEWS.example/one?utm_source=x#top", text="A text.", files=[file("b.txt")])
    assert [word for word, _, _ in lines(again)] == ["Already in the archive"] * 3
    assert [held for _, _, held in lines(again)] == [held for _, _, held in lines(first)]
    assert Document.objects.count() == 3


def test_an_address_twice_in_one_list_is_added_once(add, alice):
    assert [word for word, _, _ in lines(add(alice, addresses=f"{ADDRESS}\n{ADDRESS}/"))] == [
        "Added", "Already in the archive",
    ]  # fmt: skip


def test_one_that_somebody_else_added_meanwhile_is_held(add, alice, monkeypatch):
    monkeypatch.setattr("riskreview.web.intake.holding", hides_once(Document.objects.bring(by=alice, url=ADDRESS)))
    assert lines(add(alice, addresses=ADDRESS))[0][0] == "Already in the archive"


def hides_once(document):
    """A look that comes too early the first time."""
    answers = iter([None])
    return lambda key, user: next(answers, document)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "Give an address, a text or a file."),
        ({"addresses": " \n\n "}, "Give an address, a text or a file."),
        ({"headline": "A title", "text": " "}, "Paste the text that belongs to this headline."),
        ({"addresses": "\n".join(f"https://a.example/{n}" for n in range(201))}, "at most 200 addresses"),
        ({"addresses": ADDRESS, "files": [file(f"{n}.txt") for n in range(21)]}, "at most 20 files"),
        ({"addresses": ADDRESS, "text": "x" * (limits.LONGEST_TEXT + 1)}, "at most 500,000 characters"),
        ({"addresses": ADDRESS, "headline": "x" * 501, "text": "Words."}, "at most 500 characters"),
    ],
)
def test_a_form_that_cannot_be_taken_keeps_its_words(add, alice, fields, says):
    response = add(alice, **fields)
    assert response.status_code == 422
    assert says in text_of(response)
    assert not Document.objects.exists()
    if fields.get("addresses", "").startswith(ADDRESS):
        assert response.context["form"]["addresses"].value() == ADDRESS
    assert ("Choose the files once more" in text_of(response)) == ("files" in fields)


def test_files_that_are_too_much_together_are_refused(add, alice, monkeypatch):
    monkeypatch.setattr(limits, "LARGEST_TOGETHER", 20)
    response = add(alice, files=[file(), file("b.txt")])
    assert (response.status_code, "at most 100 MB" in text_of(response)) == (422, True)


def test_a_file_that_is_too_large_has_its_own_line(add, alice, monkeypatch):
    monkeypatch.setattr("riskreview.web.intake.LARGEST_FILE", 20)
    response = add(alice, files=[file(content=b"x" * 21), file()])
    assert [word for word, _, _ in lines(response)] == ["Refused", "Added"]


@pytest.mark.parametrize("path", ["/intake/", "/queue/"])
def test_too_much_is_refused_by_its_length_before_it_is_read(browse, alice, path):
    class Unread:
        def read(self, *size):
            raise AssertionError("somebody read it")

        readline = read

    more = {"wsgi.input": Unread(), "CONTENT_LENGTH": "105000001", "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    response = browse(alice).generic("POST", path, **more)
    assert (response.status_code, b"too much at once" in response.content) == (413, True)


def test_names_of_files_are_words_and_nothing_else(add, alice):
    response = add(alice, files=[file("<b>x<b>.txt"), file("invoice\u202efdp.txt", b"Another.")])
    assert "<b>x" not in response.content.decode()
    assert "\u202e" not in response.content.decode()
    assert [each.headline for each in Document.objects.order_by("pk")] == ["<b>x<b>", "invoicefdp"]


def test_who_does_not_review_adds_nothing(add, browse, dave, bob, erin):
    for person in (dave, bob, erin):
        assert add(person, addresses=ADDRESS).status_code == 403
        assert browse(person).get("/intake/").status_code == 403
    assert not Document.objects.exists()


# -- sent along by a link ----------------------------------------------------------------------------------------------


def test_a_link_fills_the_form_and_adds_nothing(browse, alice):
    before = Entry.objects.count()
    case = make.case(by=alice)
    response = browse(alice).get(
        "/intake/", {"url": ADDRESS, "title": "A\n<script>alert(1)</script>", "case": case.ref}
    )
    form = response.context["form"]
    assert form.initial == {"addresses": f"{ADDRESS} A <script>alert(1)</script>", "case": case.ref}
    assert b"<script>alert" not in response.content
    assert case.title in text_of(response)
    assert (Document.objects.count(), Entry.objects.filter(subject_type="document").count()) == (0, 0)
    assert Entry.objects.count() == before + 2  # the case and its vendor


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a:b@news.example/", "x", "//e"])
def test_an_address_that_is_not_taken_is_not_filled_in(browse, alice, url):
    response = browse(alice).get("/intake/", {"url": url, "title": "T"})
    assert response.context["form"].initial["addresses"] == ""
    assert "not one we take" in text_of(response)


def test_the_bookmark_can_be_copied_and_names_this_site(browse, alice):
    response = browse(alice).get("/intake/")
    told = text_of(response)
    assert "javascript:void(window.open('http://testserver/intake/?url='+encodeURIComponent(location.href)" in told
    assert 'href="javascript' not in response.content.decode()


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("http://127.0.0.1/", False),
        ("http://127.1/", False),
        ("http://2130706433/", False),
        ("https://[::1]/x", False),
        ("http://10.1.2.3:8080/", False),
        ("http://localhost:9000/", False),
        ("http://192.168.0.1./", False),
        ("http://127.0.0.1:9001/", True),
        ("https://93.184.216.34/", True),
        ("https://news.example/127.0.0.1", True),
    ],
)
def test_an_address_that_leads_inside_is_refused_at_once(add, alice, settings, url, is_taken):
    settings.FETCH_ALLOW = ["127.0.0.1:9001"]
    response = add(alice, addresses=url)
    assert [word for word, _, _ in lines(response)] == ["Added" if is_taken else "Refused"]
    assert ("private network" in text_of(response)) != is_taken


def test_a_link_for_a_case_that_is_not_there_says_so(browse, alice):
    assert "There is no case RR-1999-0001" in text_of(browse(alice).get("/intake/", {"case": "RR-1999-0001"}))
    assert "There is no case" not in text_of(browse(alice).get("/intake/", {"case": make.case(by=alice).ref}))


# -- titles and origins ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "headline"),
    [
        (file("x1.html", b"<html><title>The notice</title><p>It opened an inquiry.</p>", "text/html"), "The notice"),
        (file("x2.md", b"# The memo\n\nIn full."), "The memo"),
        (file("x3.pdf", pdf(["It opened an inquiry."], title="A report")), "A report"),
        (file("x4.docx", docx(paragraph("It opened an inquiry."), title="A letter")), "A letter"),
        (file("memo.txt"), "memo"),
        (file("table.csv", b"vendor,country\nDeepSeek,CN\n"), "table"),
    ],
)
def test_a_file_is_called_by_its_own_title_and_only_else_by_its_name(add, alice, sent, headline):
    name = sent.name
    add(alice, files=[sent], publisher="The ministry")
    document = Document.objects.get()
    assert (document.headline, document.publisher) == (name.rpartition(".")[0], "The ministry")
    assert pipeline.digest_now(document)
    assert (document.headline, document.newest.headers) == (headline, {"file-name": name})


def test_a_message_that_came_through_a_folder_is_held_already(add, alice):
    raw = mail()
    held = hold(Item("mid:1", "", title="A subject", kind="E_MAIL", enclosed=Bytes(raw, "message/rfc822")))
    response = add(alice, files=[file("letter.eml", raw, "message/rfc822")])
    assert lines(response) == [("Already in the archive", "letter.eml", held)]
    assert Document.objects.count() == 1


def test_a_headline_that_somebody_gave_stays(add, alice):
    add(alice, text="# Another\n\nIn full.", headline="Mine")
    document = Document.objects.get()
    pipeline.digest_now(document)
    assert document.headline == "Mine"


def test_a_message_and_what_came_with_it_name_each_other(browse, alice):
    items = [Item("mid:1", "", title="The letter", text="Words")]
    items.append(Item(ADDRESS, ADDRESS, title="The article", came_with="mid:1"))
    hold_all(items, make.source(by=alice))
    pages = [text_of(browse(alice).get(Document.objects.get(key=key).get_absolute_url())) for key in ("mid:1", ADDRESS)]
    assert "Came with The article linked from it" in pages[0]
    assert "Came with The letter the message it came with" in pages[1]


# -- on their way ------------------------------------------------------------------------------------------------------


def asked(browse, user, *documents, **more):
    ids = ".".join(str(each.pk) for each in documents)
    return browse(user).get("/intake/progress/", {"documents": ids} | more, headers={"HX-Request": "true"})


def test_the_lines_are_asked_for_until_each_is_read(browse, add, alice):
    body = add(alice, addresses=ADDRESS).content.decode()
    document = Document.objects.get()
    assert f"/intake/progress/?documents={document.pk}" in body
    assert "Waiting to be fetched" in body
    waiting = asked(browse, alice, document)
    assert b'hx-trigger="every 2s"' in waiting.content
    Document.objects.filter(pk=document.pk).update(fetch_wanted=False, digested_at=make.WHEN, headline="What it says")
    Salience.objects.create(document=document, vendor=make.vendor(by=alice), value=1000)
    done = asked(browse, alice, document).content.decode()
    assert "hx-get" not in done
    assert f'id="arrival-{document.pk}" hx-swap-oob' in done
    assert "What it says" in done
    assert "DeepSeek" in done


def test_suggested_cases_and_the_way_to_cite_are_shown(browse, alice):
    case, document = make.case(by=alice, status="IN_REVIEW"), make.document()
    make.suggestion(case, document)
    told = text_of(asked(browse, alice, document, case=case.ref))
    assert f"Suggested for {case.ref}" in told
    assert f"Open the document to cite a passage in {case.ref}" in told
    page = browse(alice).get(f"{document.get_absolute_url()}?case={case.ref}").content.decode()
    assert f"{case.get_absolute_url()}?open=add-exhibit&amp;document={document.pk}#add-exhibit" in page


def test_it_stops_by_itself(browse, add, alice):
    add(alice, addresses=ADDRESS)
    body = asked(browse, alice, Document.objects.get(), asked=arriving.ROUNDS).content.decode()
    assert "hx-get" not in body
    assert "Look again" in body


@pytest.mark.parametrize(
    ("columns", "words", "is_over"),
    [
        ({"fetch_wanted": True}, "Waiting to be fetched", False),
        ({"fetch_wanted": True, "last_error": "Slow."}, "will be repeated: Slow.", False),
        ({"digested_at": None}, "Being read", False),
        ({"dead_at": make.WHEN, "last_error": "It is gone."}, "needs a person: It is gone.", True),
        ({}, "Read", True),
    ],
)
def test_how_far_a_document_has_come(columns, words, is_over):
    document = make.document()
    Document.objects.filter(pk=document.pk).update(**columns)
    document.refresh_from_db()
    told, over = arriving.stage(document)
    assert (words in told, over) == (True, is_over)


@pytest.mark.parametrize("query", ["", "documents=x.1e3.%C2%B2.-1.99999999999999999999", "documents=1&asked=x&case=zz"])
def test_a_senseless_question_finds_nothing(browse, alice, query):
    assert browse(alice).get(f"/intake/progress/?{query}").status_code == 200


def test_the_lines_cost_the_same_however_many_there_are(browse, alice, django_assert_num_queries):
    case = make.case(by=alice, status="IN_REVIEW")
    client, held = browse(alice), []
    for _ in range(3):
        held += [make.document() for _ in range(2)]
        for document in held[-2:]:
            make.suggestion(case, document)
            Salience.objects.create(document=document, vendor=make.vendor(by=alice), value=1000)
        ids = ".".join(str(each.pk) for each in held)
        with django_assert_num_queries(6):
            client.get(f"/intake/progress/?documents={ids}&case={case.ref}", headers={"HX-Request": "true"})
