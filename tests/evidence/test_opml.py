"""Lists of feeds as OPML: what goes out comes back the same, and a hostile file does no harm."""

import dataclasses

import pytest

from riskreview.audit.models import Entry
from riskreview.evidence import opml
from riskreview.evidence.models import Source
from riskreview.evidence.opml import Outline, Unreadable
from tests import make

FULL = Outline(
    name="Säure & Söhne <Wire>",
    url="https://news.example/feed?a=1&b=2",
    kind="GDELT",
    source_class="STATE_MEDIA",
    reliability="D",
    language="zh",
    interval_minutes=15,
    retention="EXCERPT",
    config={"query": 'deepseek "v3"'},
)


def file(outlines: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()


def test_what_goes_out_comes_back_the_same():
    outlines = [FULL, Outline("Plain", "https://plain.example/feed", retention="FULL")]
    assert opml.read(opml.written(outlines)) == outlines


def test_another_program_reads_it_as_a_list_of_feeds():
    text = opml.written([FULL]).decode()
    assert '<opml version="2.0"' in text or "<opml xmlns:rr" in text
    assert 'type="rss"' in text
    assert 'xmlUrl="https://news.example/feed?a=1&amp;b=2"' in text
    assert 'rr:class="STATE_MEDIA"' in text


def test_a_character_that_xml_cannot_hold_is_left_out():
    assert opml.read(opml.written([dataclasses.replace(FULL, name="Wi\x01re\x0b")]))[0].name == "Wire"


def test_a_list_of_another_program_is_read_through_its_folders():
    feed = '<outline text="One" xmlUrl=" https://one.example/rss "/>'
    assert opml.read(file(f'<outline text="AI">{feed}<outline text="none"/></outline>')) == [
        Outline("One", "https://one.example/rss"),
        Outline("none", ""),
    ]


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ('text="T" title="Title"', {"name": "Title"}),
        ("", {"name": "https://one.example/rss"}),
        ('text="T" rr:class="KING" rr:reliability="Z" rr:retention="ALL"', {"source_class": "UNCERTAIN"}),
        ('text="T" rr:interval="0"', {"interval_minutes": 60}),
        ('text="T" rr:interval="999999"', {"interval_minutes": 60}),
        ('text="T" rr:interval="٣"', {"interval_minutes": 60}),
        ('text="T" rr:settings="[1]"', {"config": {}}),
        ('text="T" rr:settings="{"', {"config": {}}),
        ('text="T" rr:settings="{&quot;a&quot;: 1}"', {"config": {"a": "1"}}),
    ],
)
def test_what_makes_no_sense_counts_as_not_given(attributes, told):
    found = opml.read(file(f'<outline xmlns:rr="{opml.OURS}" xmlUrl="https://one.example/rss" {attributes}/>'))[0]
    assert dataclasses.asdict(found).items() >= told.items()
    assert found.reliability == "F"


BOMB = '<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not an XML file"),
        (b"<opml", "not an XML file"),
        (b"\xff\xfe\x00", "not an XML file"),
        (b'<?xml version="1.0" encoding="klingon"?><opml/>', "not an XML file"),
        (file('<outline text="&b;" xmlUrl="https://x.example/"/>', BOMB), "declares a document type"),
        (b"<rss/>", "not an OPML file"),
        (file('<outline text="only a folder"/>'), "lists no source"),
        (b" " * (opml.BYTES_MAX + 1), "larger than 1 MB"),
        (file('<outline xmlUrl="https://x.example/"/>' * (opml.OUTLINES_MAX + 1)), "more than 2,000"),
    ],
    ids=["empty", "cut off", "not text", "no encoding", "entities", "feed", "no source", "large", "many"],
)
def test_a_file_that_is_none_is_refused_in_words(data, why):
    with pytest.raises(Unreadable, match=why):
        opml.read(data)


def test_deep_nesting_is_read_all_the_same():
    deep = "<outline>" * 20_000 + '<outline xmlUrl="https://x.example/"/>' + "</outline>" * 20_000
    assert len(opml.read(file(deep))) == 1


@pytest.mark.django_db
def test_taking_the_register_out_is_on_record_and_tells_no_credential(alice):
    make.source(by=alice, name="Beta")
    make.source(by=alice, name="Alpha")
    Source.objects.update(credential="guardian-key")
    content = opml.taken(by=alice)
    assert [outline.name for outline in opml.read(content)] == ["Alpha", "Beta"]
    assert b"guardian-key" not in content
    entry = Entry.objects.get(verb="ledger.export_sources")
    assert (entry.kind, entry.actor, entry.private["arguments"]) == ("access", alice, {"sources": 2})


@pytest.mark.django_db
def test_somebody_who_may_not_read_takes_nothing_out(alice, erin):
    make.source(by=alice)
    assert b"xmlUrl" not in opml.taken(by=erin)
