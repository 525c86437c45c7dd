"""The archive is searched by its words: what fits, what comes first, and how much of it is looked at."""

import datetime

import pytest
from django.db import connection

from riskreview.evidence import searching
from riskreview.evidence.models import Document, Salience, SearchText
from riskreview.lib import asking
from tests import make

pytestmark = pytest.mark.django_db


def found(text, user, **named):
    """The headlines of what fits, the best first."""
    question = asking.read(text)
    asked = searching.asked(question, **({"vendors": [], "sources": []} | named))
    titles = dict(Document.objects.values_list("pk", "headline"))
    with searching.in_time():
        return [titles[pk] for pk in searching.rank(asked, user).documents]


@pytest.fixture
def library():
    make.searchable("Regulators banned the application in two countries.", headline="One")
    make.searchable("The company is banning accounts that used the interface.", headline="Two")
    make.searchable("深度求索发布了新模型。", headline="Three")
    make.searchable("Le café de l’intelligence artificielle.", headline="Four")


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("banned", {"One", "Two"}),
        ("ban -accounts", {"One"}),
        ('"banned the application"', {"One"}),
        ('"application banned"', set()),
        ("countries OR accounts", {"One", "Two"}),
        ("regul*", {"One"}),
        ("regulato*", {"One"}),
        ("求索", {"Three"}),
        ("深度求索", {"Three"}),
        ("型", {"Three"}),
        ("索求", set()),
        ("cafe", {"Four"}),
        ("CAFÉ", {"Four"}),
        ("three", {"Three"}),
    ],
)
def test_it_finds_by_words_in_every_script(library, alice, text, titles):
    assert set(found(text, alice)) == titles


def test_a_word_of_the_title_weighs_more(alice):
    make.searchable("Much is said of exports here, and exports again, exports.", headline="Another matter")
    make.searchable("Much is said of something else here.", headline="Exports")
    assert found("exports", alice) == ["Exports", "Another matter"]


def test_who_may_not_read_finds_nothing(library, erin):
    assert found("banned", erin) == []


def test_days_kinds_sources_and_vendors_narrow(alice):
    source, vendor = make.source(by=alice), make.vendor(by=alice)
    about = make.searchable("A ban.", headline="About", source=source)
    make.searchable("A ban.", headline="Other")
    Salience.objects.create(document=about, vendor=vendor, value=900)
    SearchText.objects.index(about, "About", "A ban.")
    assert found("ban source:x", alice, sources=[source.pk]) == ["About"]
    assert found("ban vendor:x", alice, vendors=[vendor.pk]) == ["About"]
    assert found("vendor:x", alice, vendors=[vendor.pk]) == ["About"]
    assert found("ban is:upload", alice) == []
    assert set(found("from:2025-01", alice)) == {"About", "Other"}
    assert found("", alice) == []
    assert set(found("ban is:article", alice)) == {"About", "Other"}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("from:2025-01-28", True), ("from:2025-01-29", False), ("to:2025-01-28", True), ("to:2025-01-27", False),
        ("from:2025", True), ("to:2024", False), ("from:2025-01 to:2025-01", True),
        ("from:2024-12-31 to:2025-02-01", True),
        ("from:1850 to:2025-01", True),
    ],
)  # fmt: skip
def test_both_days_count(alice, text, fits):
    make.searchable("A ban.", headline="One")
    assert found(f"ban {text}", alice) == (["One"] if fits else [])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-02-27", "2024-03-02"),
        ("2023-12-30", "2025-01-02"),
        ("2025-01-01", "2025-12-31"),
        ("2025-05-01", "2025-05-31"),
    ],
)
def test_a_span_of_days_is_few_marks_and_exactly_those_days(first, last):
    first, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    stems = [each.strip("'*:").replace("'", "") for each in searching.days_between(first, last)]
    every = (datetime.date(2023, 1, 1) + datetime.timedelta(days) for days in range(4 * 365))
    inside = [day for day in every if any(f"=d{day:%Y%m%d}".startswith(stem) for stem in stems)]
    assert (inside[0], inside[-1], len(inside)) == (first, last, (last - first).days + 1)
    assert len(stems) <= 31 + 31 + 22 + 1


@pytest.fixture
def twelve():
    """Documents of twelve days in a row, the oldest first, and a planner that knows of them."""
    documents = [make.searchable("A ban of it.", headline=f"Number {n}") for n in range(12)]
    for number, document in enumerate(documents):
        document.published_at = datetime.datetime(2025, 1, 1 + number, tzinfo=datetime.UTC)
        document.save(update_fields=["published_at"])
        SearchText.objects.index(document, document.headline, "A ban of it.")
    first_seen = datetime.datetime(2025, 1, 5, tzinfo=datetime.UTC)
    Document.objects.update(first_seen_at=first_seen)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE evidence_searchtext")
    return documents


@pytest.fixture
def looked(monkeypatch):
    """How many documents each look found; with small numbers for what is common, and for what is enough."""
    counts = []
    for name, value in {"BEST": 3, "FEW": 2, "SHARE": 1.0, "GROWTH": 2, "ENOUGH": 1}.items():
        monkeypatch.setattr(searching, name, value)
    monkeypatch.setattr(
        searching, "taken", lambda rows, real=searching.taken: counts.append(rows.count()) or real(rows)
    )
    return counts


def ranked(text, user, **more):
    """What a question finds."""
    return searching.rank(searching.asked(asking.read(text), vendors=[], sources=[]), user, **more)


def test_of_a_common_word_the_newest_are_ranked(alice, twelve, looked):
    told = ranked("ban", alice)
    assert (told.capped, told.since, set(told.documents)) == (True, None, {each.pk for each in twelve[-3:]})
    assert looked == [4], "only the days that hold enough were searched"


def test_the_newest_of_some_days_are_ranked(alice, twelve, looked):
    told = ranked("ban from:2025-01-02 to:2025-01-08", alice)
    assert set(told.documents) == {each.pk for each in twelve[5:8]}


def test_more_days_are_searched_when_those_were_not_enough(alice, twelve, looked, monkeypatch):
    monkeypatch.setattr(searching, "planned", lambda rows: 12)
    SearchText.objects.filter(document__in=twelve[4:11]).update(words="")
    told = ranked("ban", alice, whole=True)
    assert (told.capped, told.since) == (True, None)
    assert set(told.documents) == {twelve[11].pk, twelve[3].pk, twelve[2].pk}
    assert looked == [1, 0, 4]


def test_after_a_while_what_was_found_is_enough(alice, twelve, looked, monkeypatch):
    monkeypatch.setattr(searching, "planned", lambda rows: 12)
    monkeypatch.setattr(searching, "PATIENCE", 0)
    SearchText.objects.filter(document__in=twelve[:11]).update(words="")
    told = ranked("ban", alice)
    assert (told.documents, told.since) == ([twelve[11].pk], datetime.date(2025, 1, 9))
    assert ranked("ban", alice, whole=True).since is None


def test_a_search_that_takes_too_long_is_stopped(alice, settings):
    settings.SEARCH_SECONDS = 0.05
    with pytest.raises(searching.TookTooLong, match=r"stopped after 0.05 seconds"), searching.in_time():
        connection.cursor().execute("SELECT pg_sleep(2)")
