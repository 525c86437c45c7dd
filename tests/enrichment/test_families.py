import time

import pytest

from riskreview.enrichment import rules
from riskreview.enrichment.categories import CATEGORIES, VENDOR, plain
from riskreview.enrichment.families import Lexicon, Words, rule
from riskreview.enrichment.rules import BadRules
from riskreview.enrichment.strength import LEXICON, evidence

SMALL = Lexicon({"forbid": "ban~, forbid*, rule~ out", "thing": "app, app store, licence~", "carry": "carry~"})


def found(text, written):
    words = Words(plain(text), SMALL)
    return [text[start:end] for start, end in rule(written, SMALL, "here").found(words)]


@pytest.mark.parametrize(
    ("text", "written", "spans"),
    [
        ("They banned the app.", "forbid + thing", ["banned the app"]),
        ("The app was banned.", "forbid + thing", ["app was banned"]),
        ("The app was banned.", "forbid > thing", []),
        ("Rome ruled out a new app.", "forbid > thing", ["ruled out a new app"]),
        ("One forbids, after a year of talk in many committees, an app.", "forbid + thing 4", []),
        ("One forbids; an app.", "forbid + thing", []),
        ("It forbids licences and a licence.", "forbid > thing 9", ["forbids licences"]),
        ("Banning it is an app store's right.", "forbid + thing 6", ["Banning it is an app store's"]),
        ("He carries and carried.", "carry", ["carries", "carried"]),
        ("A banner, a carriage.", "forbid", []),
        ("The app.", "forbid + thing", []),
    ],
)
def test_families_speak_where_they_stand_together(text, written, spans):
    assert found(text, written) == spans


def test_names_and_figures_are_families_of_their_own():
    words = Words(plain("Rome fined Acme 3,000 times.", names=[(11, 15, VENDOR)]), SMALL)
    assert (words.families["vendor"], words.families["figure"]) == ([2], [3])


def test_a_word_does_not_stand_beside_itself():
    assert found("They ban.", "forbid + forbid") == []


@pytest.mark.parametrize("written", ["nobody", "forbid + thing > carry", "forbid thing", "forbid + thing x", ""])
def test_a_rule_that_cannot_be_read_is_named(written):
    with pytest.raises(BadRules, match="here"):
        rule(written, SMALL, "here")


def test_a_word_at_home_in_several_categories_counts_by_its_share_and_once():
    told = evidence(Words("the gdpr and the gdpr", LEXICON))
    assert {key: share.sum for key, share in told.shares.items()} == {"data_exposure": 1_000}
    shared = evidence(Words("data and a permit", LEXICON)).shares
    assert all(share.sum <= 1_000 for share in shared.values())
    assert evidence(Words("a choir and a cake", LEXICON)).everyday == 2


@pytest.mark.parametrize(
    "piece", ["ban ", "app store ", "a ", "ban ban app ", "police court said ", "$1 ", "\x01 ban "]
)
def test_the_time_grows_with_the_text_and_no_faster(piece):
    def seconds(text):
        started = time.process_time()
        words = Words(text, LEXICON)
        evidence(words)
        sum(1 for written in RULES for _ in written.found(words))
        return time.process_time() - started

    text = piece * (20_000 // len(piece))
    assert seconds(text) < 4 * seconds(text[:10_000]) + 0.3


@pytest.mark.parametrize("name", ["families", "topics"])
def test_every_entry_can_be_met(name):
    for family, entries in rules.load(name).items():
        lexicon = Lexicon({family: entries})
        for entry in entries.replace("\n", " ").split(","):
            words = entry.translate(dict.fromkeys(map(ord, "*~"))).strip()
            assert family in Words(words, lexicon).families, (family, entry)


def test_every_family_is_used_by_a_rule():
    used = {family for category in CATEGORIES.values() for each in rules_of(category) for family in each.families}
    assert rules.load("families").keys() <= used


def test_every_category_has_words_at_home():
    assert rules.load("topics").keys() - {"everyday"} == CATEGORIES.keys()


def rules_of(category):
    return (*category.together, *category.beside)


RULES = [rule("authority + examine", LEXICON, ""), rule("institution + stop + usage 9", LEXICON, "")]
