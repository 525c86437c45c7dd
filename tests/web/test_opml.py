"""The register goes out as OPML, and lists of feeds come in: shown first, registered one by one."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskreview.audit.models import Entry
from riskreview.evidence import opml as files
from riskreview.evidence.models import Source
from riskreview.evidence.opml import Outline
from riskreview.web import opml
from tests import make

from .conftest import text_of

pytestmark = pytest.mark.django_db
HERE = "/sources/opml/import/"


def sent(client, content, **fields):
    return client.post(HERE, {"file": SimpleUploadedFile("feeds.opml", content), **fields})


def feeds(*names, **given):
    return files.written(Outline(name, f"https://{name}.example/feed", **given) for name in names)


def test_the_register_is_taken_out_and_that_is_on_record(browse, dave, alice):
    make.source(by=alice, name="Harbour Wire")
    response = browse(dave).get("/sources/opml")
    assert response["Content-Disposition"] == 'attachment; filename="riskreview-sources.opml"'
    assert [outline.name for outline in files.read(response.content)] == ["Harbour Wire"]
    assert Entry.objects.get(verb="ledger.export_sources").actor == dave


def test_a_list_is_shown_before_anything_is_registered(browse, alice):
    make.source(by=alice, name="one")
    response = sent(browse(alice), feeds("one", "two", "two", "three"))
    assert [line.word for line in response.context["lines"]] == ["There already", "New", "There already", "New"]
    assert "2 of 4 lines. Nothing is registered yet." in text_of(response)
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("outline", "why"),
    [
        (Outline("x", "ftp://x.example/"), "plain http or https address"),
        (Outline("x", "https://x.example/", kind="NEVER"), "reads no source of the kind NEVER"),
        (Outline("x", "https://x.example/", config={"colour": "red"}), "has no setting called colour"),
    ],
)
def test_what_cannot_be_registered_says_why(browse, alice, outline, why):
    response = sent(browse(alice), files.written([outline]))
    assert why in text_of(response)
    assert response.context["new"] == 0


def test_the_same_address_under_another_name_is_there_already(browse, alice):
    source = make.source(by=alice)
    response = sent(browse(alice), files.written([Outline("Other", source.url)]))
    assert [line.word for line in response.context["lines"]] == ["There already"]


def test_an_address_that_stands_twice_in_the_file_is_registered_once(browse, alice):
    twice = [Outline("One", "https://x.example/feed"), Outline("Two", "https://x.example/feed")]
    response = sent(browse(alice), files.written(twice))
    assert [line.word for line in response.context["lines"]] == ["New", "There already"]


def test_each_registration_is_an_act_of_its_own(browse, alice):
    client = browse(alice)
    packed = sent(client, feeds("one", "two", source_class="BLOG", reliability="D")).context["packed"]
    make.source(by=alice, name="two")
    response = client.post(HERE, {"lines": packed})
    assert [line.word for line in response.context["lines"]] == ["Registered", "Not registered"]
    assert "There is a source called two" in text_of(response)
    source = Source.objects.get(name="one")
    assert (source.source_class, source.reliability, source.kind) == ("BLOG", "D", "RSS")
    assert Entry.objects.about(source).get().verb == "source.register"


def test_a_long_list_is_registered_in_pieces(browse, alice, monkeypatch):
    monkeypatch.setattr(opml, "AT_ONCE", 2)
    client = browse(alice)
    packed = sent(client, feeds("one", "two", "three")).context["packed"]
    first = client.post(HERE, {"lines": packed})
    assert (Source.objects.count(), first.context["rest"]) == (2, 1)
    last = client.post(HERE, {"lines": first.context["packed"]})
    assert (Source.objects.count(), last.context["rest"]) == (3, 0)


def test_the_result_names_every_line_and_the_importer_looks_after_them(browse, alice):
    client = browse(alice)
    make.source(by=alice, name="one")
    listed = files.written([Outline("one", "https://one.example/feed"), Outline("two", "https://two.example/feed")])
    listed = listed.replace(b"</body>", b'<outline text="A note"/></body>')
    shown = sent(client, listed)
    assert "Skipped It has no address (xmlUrl)." in text_of(shown)
    response = client.post(HERE, {"lines": shown.context["packed"]})
    told = [(line.outline.name, line.word) for line in response.context["lines"]]
    assert told == [("one", "There already"), ("two", "Registered"), ("A note", "Skipped")]
    assert Source.objects.get(name="two").owner == alice


def test_a_list_that_was_changed_on_the_way_registers_nothing(browse, alice):
    client = browse(alice)
    packed = sent(client, feeds("one")).context["packed"]
    response = client.post(HERE, {"lines": packed[:-3] + "abc"})
    assert response.status_code == 422
    assert "Nothing was registered." in text_of(response)
    assert not Source.objects.exists()


@pytest.mark.parametrize("content", [b"<rss/>", b"no xml", b" " * (files.BYTES_MAX + 1)])
def test_a_file_that_is_none_is_told_beside_its_field(browse, alice, content):
    response = sent(browse(alice), content)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_no_file_is_asked_for_again(browse, alice):
    assert browse(alice).post(HERE, {"name": "x"}).status_code == 422


def test_a_reader_brings_nothing_in(browse, dave):
    assert browse(dave).get(HERE).status_code == 403
    assert sent(browse(dave), feeds("one")).status_code == 403
    packed = opml.packed([opml.Line(Outline("one", "https://one.example/"), opml.NEW)])
    assert browse(dave).post(HERE, {"lines": packed}).status_code == 403
    assert not Source.objects.exists()


def test_the_preview_costs_the_same_however_long_the_list_is(browse, alice, django_assert_num_queries):
    client = browse(alice)
    for count in (1, 40):
        content = feeds(*(f"feed-{number}" for number in range(count)))
        with django_assert_num_queries(5):
            assert sent(client, content).status_code == 200
