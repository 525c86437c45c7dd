import random
import time

import pytest

from riskreview.enrichment.origins import credit, fingerprint, relation

CHANCE = random.Random(5)
VOCABULARY = [
    f"{a}{b}" for a in ("ba", "ke", "lo", "mi", "nu", "pra", "sti") for b in ("den", "for", "gal", "hus", "jek")
]


def prose(sentences, seed):
    chance = random.Random(seed)
    return [" ".join(chance.choices(VOCABULARY, k=14)).capitalize() + "." for _ in range(sentences)]


WIRE = prose(20, 1)
TEXT = "\n".join(WIRE)


def kind(one, other):
    return relation(fingerprint(one), fingerprint(other)).kind


def test_an_edited_wire_text_is_a_copy():
    edited = "WASHINGTON (Reuters) - " + TEXT + "\nSubscribe to our newsletter\nRead more: other things"
    assert kind(TEXT, edited) == "COPY"
    assert kind(TEXT, "\n".join(WIRE[:9])) == "COPY"


def test_a_reworked_text_is_derived():
    reworked = WIRE[:10] + prose(10, 2)
    assert kind(TEXT, "\n".join(reworked)) == "DERIVED"


def test_a_text_with_a_passage_in_common_only_shares_it():
    assert kind(TEXT, "\n".join(WIRE[:5] + prose(18, 3))) == "SHARES"


def test_another_text_is_independent():
    found = relation(fingerprint(TEXT), fingerprint("\n".join(prose(20, 4))))
    assert (found.kind, found.containment) == ("INDEPENDENT", 0)


def test_independent_reports_of_one_speech_may_share_its_quotes():
    quote = " ".join(prose(4, 9))
    one, other = (f"“{quote}”\n" + "\n".join(prose(8, seed)) for seed in (10, 11))
    assert kind(one, other) == "INDEPENDENT"
    assert kind(one.replace("“", '"').replace("”", '"'), other) == "INDEPENDENT"


def test_price_lists_with_other_figures_do_not_copy_each_other():
    lists = []
    for seed in (1, 2):
        chance = random.Random(seed)
        lines = [f"The grade of {word} closed at {chance.randrange(1000, 9999)} dollars a tonne" for word in VOCABULARY]
        lists.append("\n".join(lines))
    found = relation(*map(fingerprint, lists))
    assert 300 <= found.containment < 700
    assert found.kind == "SHARES"


def test_short_texts_are_copies_only_when_they_are_equal():
    assert kind("Shares fell.", "Shares  fell.") == "COPY"
    assert kind("Shares fell.", "Shares rose.") == "INDEPENDENT"
    assert kind("深度求索发布了模型。", "阿里巴巴发布了模型。") == "INDEPENDENT"


def test_it_is_the_same_from_both_sides():
    one, other = fingerprint(TEXT), fingerprint("\n".join(WIRE[:10] + prose(10, 2)))
    assert relation(one, other) == relation(other, one)


def test_hashes_fit_a_signed_column_and_do_not_change_between_runs():
    # b2sum -l 64 of the words, less 2^63
    found = fingerprint("one two three four five")
    assert found.hashes == {-4747455830595644441}
    assert all(-(2**63) <= h < 2**63 for h in fingerprint(TEXT).kept)


def test_the_kept_hashes_are_few_and_hold_the_smallest():
    found = fingerprint(TEXT)
    assert set(sorted(found.hashes)[:32]) <= set(found.kept) <= found.hashes
    assert all(h in found.kept for h in found.hashes if h % 8 == 0)
    assert list(found.kept) == sorted(found.kept)


@pytest.mark.parametrize("hostile", ['"' * 100_000, "“" * 100_000 + TEXT, "word " * 500_000, "x" * 5_000_000])
def test_hostile_text_takes_linear_time(hostile):
    started = time.process_time()
    fingerprint(hostile)
    credit(hostile)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("WASHINGTON, Jan 29 (Reuters) - The council met.", "Reuters"),
        ("BEIJING (AP) — Shares fell.", "Associated Press"),
        ("By Ada Example, Agence France-Presse\nShares fell.", "Agence France-Presse"),
        ("Shares fell.\n(Reporting by Ada Example; Editing by Bo Example)", "Reuters"),
        ("Shares fell.\n© 2025 Bloomberg", "Bloomberg"),
        ("Shares fell.\n(UPI)", "UPI"),
        ("Reuters reported that shares fell.", ""),
        ("He told AP that shares fell.", ""),
        ("", ""),
    ],
)
def test_a_credit_names_the_agency_and_a_quotation_does_not(text, agency):
    assert credit(text) == agency
