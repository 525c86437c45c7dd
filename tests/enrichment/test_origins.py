import random
import time

import pytest

from riskreview.enrichment.origins import Relation, estimate, fingerprint, relation
from tests.enrichment import wires

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


@pytest.mark.parametrize("name", wires.WIRES)
def test_a_wire_is_known_by_what_outlets_make_of_it(name):
    text = wires.WIRES[name]
    assert kind(text, wires.recredited(text)) == "COPY"
    assert kind(text, wires.cut(text)) == "COPY"
    assert kind(wires.cut(text), wires.recredited(text)) == "COPY"
    assert all(kind(text, other) == "INDEPENDENT" for key, other in wires.WIRES.items() if key != name)


@pytest.mark.parametrize("name", wires.REWRITES)
def test_two_who_heard_the_same_words_are_two(name):
    assert kind(wires.WIRES[name], wires.REWRITES[name]) == "INDEPENDENT"


def test_a_text_made_of_two_halves_is_derived_from_both_whatever_figures_the_other_half_has():
    one, other = wires.BANK, wires.PORT
    half = one[: len(one) // 2].rpartition("\n\n")[0] + other[len(other) // 2 :]
    assert kind(one, half) == kind(other, half) == "DERIVED"


@pytest.mark.parametrize(("a", "b"), [(0, 1), (3, 7), (2, 11)])
def test_a_list_that_is_filled_in_anew_is_no_copy(a, b):
    found = relation(fingerprint(wires.price_list(a)), fingerprint(wires.price_list(b)))
    assert (found.kind, found.containment > 300, found.numbers < 400) == ("SHARES", True, True)


def test_a_copy_in_which_one_figure_was_corrected_is_a_copy():
    assert kind(wires.PORT, wires.PORT.replace("1,900", "1,700")) == "COPY"


def test_what_is_common_does_not_make_two_texts_one():
    one, other = (fingerprint(f"{wires.note(number)}") for number in (0, 3))
    assert relation(one, other).is_same
    common = fingerprint(wires.DISCLAIMER).hashes
    assert relation(one, other, common).kind == "INDEPENDENT"
    assert relation(one, other, {h for h in common if h % 8 == 0}).kind == "INDEPENDENT"


def test_the_same_text_is_a_copy_even_if_all_of_it_is_common():
    text = fingerprint(wires.DISCLAIMER)
    assert relation(text, text, text.hashes).kind == "COPY"


def test_texts_that_credit_one_agency_need_a_passage_only():
    assert Relation("SHARES", 200, 1000).credited().kind == "DERIVED"
    assert Relation("SHARES", 200, 100).credited().kind == "SHARES"
    assert Relation("INDEPENDENT", 90, 1000).credited().kind == "INDEPENDENT"


def test_what_is_kept_tells_the_same_as_the_whole_texts_or_says_that_it_cannot():
    texts = [each.text for each in wires.world()]
    chance, decided = random.Random(8), 0
    for _ in range(600):
        one, other = (fingerprint(text) for text in chance.sample(texts, 2))
        told = estimate(one.sketch, other.sketch)
        if told is not None:
            decided += 1
            assert told.is_same == relation(one, other).is_same
    assert decided > 500


def test_short_texts_need_the_same_title_as_well():
    one, other = fingerprint("The meeting is closed.", "Sunshine"), fingerprint("The meeting is closed.", "Rain")
    assert (relation(one, one).kind, relation(one, other).kind) == ("COPY", "INDEPENDENT")
    nothing = fingerprint("", "Sunshine")
    assert relation(nothing, nothing).kind == "INDEPENDENT"


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
    assert time.process_time() - started < 8
