"""What was read becomes rows: once, whole, word for word, and untouched when it is read again."""

import itertools

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from riskreview.cases.models import Suggestion
from riskreview.enrichment import analysis, pipeline, storing
from riskreview.enrichment.analysis import analyse, pipeline_version
from riskreview.enrichment.names import gazetteer
from riskreview.evidence.models import (
    AgencyMention,
    Claim,
    Document,
    Mention,
    Reading,
    Salience,
    Signal,
    UnknownName,
)
from riskreview.lib.text import normalise
from tests import make
from tests.enrichment.pages import REVIEW, html, read

pytestmark = pytest.mark.django_db
TOLD = (
    *REVIEW,
    "“We stopped new registrations after a cyberattack,” DeepSeek said on Monday; 40 million users may be affected.",
    "Italy’s data protection authority, the Garante, ordered DeepSeek to block its app over privacy concerns.",
    "According to Reuters, DeepSeek-V9 Ultra could be banned from government devices in Australia.",
)
KINDS = (Mention, AgencyMention, UnknownName, Claim, Signal, Signal.vendors.through, Salience, Reading, Suggestion)


@pytest.fixture
def case(alice):
    return make.case(
        by=alice,
        title="DeepSeek: national security review of its expansion",
        question="The National Security Council is looking at the implications of DeepSeek. Where do prompts go?",
    )


@pytest.fixture
def document(case):
    return read(html(*TOLD), "a")


def versions():
    """Every row of what was read, with the transaction that wrote it."""
    found = {}
    for model in KINDS:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, xmin::text, ctid::text FROM {model._meta.db_table} ORDER BY id")
            found[model.__name__] = cursor.fetchall()
    return found


def again(document):
    Document.objects.filter(pk=document.pk).update(digested_at=None)
    document.refresh_from_db()
    assert pipeline.digest_now(document), document.last_error


def test_everything_that_is_read_is_stored(document):
    snapshot = document.newest
    assert {Mention, Claim, Signal} <= {model for model in KINDS if model.objects.exists()}
    assert snapshot.reading.counts == {
        "mentions": snapshot.mentions.count(),
        "agencies": snapshot.agency_mentions.count(),
        "unknown": snapshot.unknown_names.count(),
        "claims": snapshot.claims.count(),
        "signals": snapshot.signals.count(),
    }
    assert (snapshot.reading.pipeline_version, snapshot.reading.not_analysed) == (pipeline_version(), "")
    assert all(signal.vendors.exists() for signal in snapshot.signals.all())
    for row in (*snapshot.mentions.all(), *snapshot.signals.all(), *snapshot.agency_mentions.all()):
        assert row.surface == snapshot.text[row.start : row.end]
        assert row.reasons
    for claim in snapshot.claims.all():
        assert claim.words == snapshot.text[claim.start : claim.end]


def test_a_document_read_twice_changes_no_row(document):
    before = versions()
    assert all(before[model.__name__] for model in (Mention, Claim, Signal, Salience, Reading, Suggestion))
    for _ in range(2):
        again(document)
    assert versions() == before


def test_another_version_that_finds_the_same_changes_the_reading_alone(document, monkeypatch):
    before = versions()
    monkeypatch.setattr(storing, "pipeline_version", lambda: "read-2+0")
    again(document)
    after = versions()
    assert after.pop("Reading") != before.pop("Reading")
    assert after == before
    assert document.newest.reading.pipeline_version == "read-2+0"


def test_a_name_that_means_somebody_else_is_written_anew(document, alice, carol):
    before = versions()
    other = make.vendor("Hangzhou DeepSeek AI", by=alice)
    other.merge_into(by=carol, other=make.vendor(by=alice), reason="One company.")
    again(document)
    assert versions()["Reading"] == before["Reading"] or document.newest.mentions.exists()


def test_one_analysis_is_the_same_to_the_byte(document):
    text = document.newest.text
    hashes = {analyse("Review", text, gazetteer(timezone.now().date())).sha256 for _ in range(2)}
    assert len(hashes) == 1
    assert analyse("Review", text[:-5], gazetteer(timezone.now().date())).sha256 not in hashes


def test_what_a_text_says_in_its_own_voice_is_a_claim_and_holds_its_signals(case):
    snapshot = read(
        html("DeepSeek leaked the chat logs of 2 million users in a data breach.", "Nobody knew."), "own"
    ).newest
    claim = snapshot.claims.get(kind="STATED")
    assert claim.source_kind == "NONE"
    assert snapshot.signals.filter(claim=claim).exists()


def test_another_language_says_in_words_that_it_was_not_analysed(case):
    text = (
        "Das Unternehmen DeepSeek aus der Stadt Hangzhou hat am Montag mitgeteilt, dass es neue Kunden "
        "nach einem Angriff auf das System nicht mehr zulässt. Die Daten der Kunden sind nach dem Angriff auch für "
        "andere zu sehen, sagte ein Sprecher der Behörde, die den Fall mit einer Anordnung untersucht."
    )
    snapshot = read(text.encode(), "de", kind="text/plain", title="DeepSeek").newest
    assert "German" in snapshot.reading.not_analysed
    assert snapshot.mentions.exists()
    assert (snapshot.claims.count(), snapshot.signals.count()) == (0, 0)


def test_a_long_text_is_analysed_in_windows_and_every_span_is_its_text(case):
    line = "DeepSeek said on Monday that a data breach may have exposed 40 million chat logs of its users.\n"
    text = normalise(line * 2_600)
    assert len(text) > 240_000
    found = analyse("Long", text, gazetteer(timezone.now().date()))
    assert len(found.claims) > 2_000
    assert {text[each.start : each.end] for each in found.names.mentions} == {"DeepSeek"}
    for claim, signal in zip(found.claims[::97], found.signals[::97], strict=False):
        start, end = found.spans[claim.sentence]
        assert start <= claim.content[0][0] < claim.content[0][1] <= end
        start, end = found.spans[signal.sentence]
        assert start <= signal.start < signal.end <= end
    one, last = found.claims[1], found.claims[-1]
    assert text[slice(*one.content[0])] == text[slice(*last.content[0])]
    assert all(0 <= each.claim < len(found.claims) for each in found.signals if each.claim is not None)


def test_the_version_names_the_rules_and_their_lists(monkeypatch, tmp_path):
    before = pipeline_version()
    pipeline_version.cache_clear()
    try:
        (tmp_path / "signals.toml").write_text("other = 1")
        monkeypatch.setattr(analysis.rules, "_FOLDER", tmp_path)
        assert pipeline_version() != before
        assert len(pipeline_version()) <= 40
    finally:
        monkeypatch.undo()
        pipeline_version.cache_clear()
    assert pipeline_version() == before


# -- word for word, or not at all --------------------------------------------------------------------------------------


def columns(model, document):
    row = model.objects.filter(snapshot=document.newest).first()
    assert row is not None, model
    return row


WRONG = {
    "a mention that says something else": (Mention, {"surface": "Shallowseek"}),
    "a mention one sign further": (Mention, {"start": 1}),
    "a mention beyond the text": (Mention, {"start": 900_000, "end": 900_008}),
    "a public body that says something else": (AgencyMention, {"surface": "The Council"}),
    "a claim that says something else": (Claim, {"words": "Nothing was said."}),
    "a second part of a claim that is not there": (Claim, {"more_start": 0, "more_end": 4, "more_words": "Nope"}),
    "a cue beyond the text": (Claim, {"cue_start": 900_000, "cue_end": 900_008}),
    "a source whose end is missing": (Claim, {"source_start": 4, "source_end": None}),
    "a signal that says something else": (Signal, {"surface": "harmless"}),
    "a sentence beyond the text": (Signal, {"sentence_end": 900_000}),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_database_refuses(what, document):
    model, changed = WRONG[what]
    row = columns(model, document)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**changed)
    row.pk = None
    for name, value in changed.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.bulk_create([row])


def test_what_is_far_back_in_a_long_text_is_compared_as_well(alice):
    vendor = make.vendor(by=alice)
    text = "阿里巴巴 and others. " * 12_000 + "DeepSeek at last."
    snapshot = make.document(text).newest
    places = [(0, "阿里巴巴"), (60_000, text[60_000:60_004]), (len(text) - 17, "DeepSeek")]
    given = {"snapshot": snapshot, "vendor": vendor, "kind": "STRONG", "state": "ACCEPTED", "score": 1000}
    Mention.objects.bulk_create(
        Mention(start=start, end=start + len(word), surface=word, **given) for start, word in places
    )
    assert Mention.objects.count() == 3
    with pytest.raises(DatabaseError), transaction.atomic():
        Mention.objects.create(start=len(text) - 16, end=len(text) - 8, surface="DeepSeek", **given)


def test_two_places_and_two_kinds_are_not_the_same_fingerprint(document):
    for model in (Claim, Signal, Mention):
        rows = [row.fingerprint for row in model.objects.filter(snapshot=document.newest)]
        assert len(rows) == len(set(rows)), model
    pairs = itertools.combinations([Claim, Signal, Mention], 2)
    for one, other in pairs:
        assert not {row.fingerprint for row in one.objects.all()} & {row.fingerprint for row in other.objects.all()}
