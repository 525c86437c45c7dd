"""What the rules must reach on the labelled texts, and that the measure itself measures."""

import hashlib
import json
from functools import cache

import pytest

from benchmarks import _product, _report, quality
from benchmarks import _quality_claims as claimed
from benchmarks import _quality_names as named
from benchmarks import _quality_signals as signalled
from benchmarks import _quality_wires as wires
from benchmarks._quality_figures import Goal, Measured, Table, holds, interval, share
from benchmarks._quality_labels import FOLDER, LOCKED, OPEN, read, rows, shipped, whole
from benchmarks._quality_suites import OWN, SEED, Suite, beside, every_text
from riskreview.enrichment.claims import Claim, Source

# Whoever changes a locked file changes what earlier figures meant: say so where figures are told, and pin it anew.
LOCKED_FILES = {
    "casefile.jsonl": "35040e3be2b4b8421822251379c40271af3225a8ec4202da17c473406622011b",
    "cases.jsonl": "16755168183a0fc696cffe90e85c7359fbe76b69298c101ec93017dceca91f42",
    "claims.jsonl": "85787fd390277fee3a9ff86e156838e629527099355ce03a11fe6934aa11056c",
    "corrections.jsonl": "cf08d7d09b72ebc71c6b4b2b1b93fe2cb0d15a460f7052cb460f7894ccc4a2e9",
    "mentions.jsonl": "aa80cef02498494047eef4441e0cf820bcf60c28f78e2c71a191a212ffe48793",
    "roundups.jsonl": "f62282148fa42d5596583c4d239b2eabda3e5d49e34f3a87c487f40d0e74f423",
    "signals.jsonl": "20978466d71d2e287970e4f054863722c2641b7552cdb6128d2c6b612c88fbcd",
    "templates.jsonl": "aaa8c0b9ada7e584a5a44cdb3c1e918eee97c3f73d0b60353dd945fab9557a64",
    "wires.jsonl": "f7789f4353dffcd0cd18d59f739dd6b35b2a9a28506d6d9712799c2956872cfa",
}
FLOORS = [(suite, goal) for suite in OWN for goal in suite.goals if goal.floor is not None]
SEED_FLOORS = [goal for goal in SEED.goals if goal.floor is not None] if SEED in beside() else []


@cache
def measured(suite):
    return suite.measure(OPEN, 1, None) + suite.measure(LOCKED, 1, None)


@cache
def of_seed():
    return SEED.measure("", 1, None)


def reached(found, goal):
    units = found.units[goal.metric]
    assert units, "nothing was counted"
    return share(units)


@pytest.mark.parametrize(("suite", "goal"), FLOORS, ids=[f"{suite.title}: {goal.metric}" for suite, goal in FLOORS])
def test_the_rules_reach_the_floor(suite, goal):
    value = reached(measured(suite), goal)
    assert holds(value, goal.floor), f"{goal.metric} is {value:.3f}, must be {goal.floor}"


@pytest.mark.parametrize("goal", SEED_FLOORS, ids=[goal.metric for goal in SEED_FLOORS])
def test_the_seed_article_is_read_as_by_hand(goal):
    told = [wrong for wrong in of_seed().confusions if wrong.startswith(goal.metric)]
    assert reached(of_seed(), goal) == 1, "\n".join(told)


def test_no_locked_file_was_changed():
    folder = FOLDER / LOCKED
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert digests == LOCKED_FILES


def test_no_text_is_both_open_and_locked():
    assert not set(every_text(OPEN)) & set(every_text(LOCKED))


@pytest.mark.parametrize("part", [OPEN, LOCKED])
def test_every_label_marks_what_it_says(part):
    for row in rows(part, "mentions"):
        assert row["text"][row["start"] : row["end"]] == row["surface"]
    for row in rows(part, "claims"):
        spans = [span for claim in row["claims"] for key in ("content", "source", "cue") if (span := claim[key])]
        assert all(0 <= start < end <= len(row["text"]) for start, end in [*spans, *row["hedges"]])


def test_a_register_knows_a_vendor_by_the_name_the_labels_use():
    assert shipped().number("zhipu") == shipped().numbers["zhipu-ai"]
    assert whole().number("01-ai") is not None
    assert shipped().number(None) is None
    assert shipped().numbers.keys() <= whole().numbers.keys()


def label(text, surface, entity):
    start = text.index(surface)
    return {"id": "x", "text": text, "start": start, "end": start + len(surface), "surface": surface,
            "entity": entity, "is_vendor": entity is not None}  # fmt: skip


def test_names_are_counted_as_right_wrong_and_missing():
    found = named.measure(
        [
            label("DeepSeek was asked.", "DeepSeek", "deepseek"),
            label("DeepSeek was asked.", "DeepSeek", "openai"),
            label("DeepSeek was asked.", "asked", "deepseek"),
            label("DeepSeek was asked.", "DeepSeek", "nobody-knows-it"),
            label("DeepSeek was asked.", "asked", None),
        ],
        shipped(),
    )
    assert found.units[named.PRECISION] == [(1, 1), (0, 1), (0, 1)]
    assert found.units[named.RECALL] == [(1, 1), (0, 1), (0, 1)]
    assert found.left_out[named.LEFT_OUT] == 1
    assert len(found.confusions) == 3


def test_the_word_list_takes_any_word_for_the_vendor():
    words = named.WordList(shipped())
    assert words.at("an apple a day", 3, 8) == {shipped().numbers["apple"]}
    assert words.at("pineapples", 0, 10) == set()


def test_a_claim_is_found_where_half_of_its_content_is():
    text = '"We are far ahead of them all," he said.'
    wanted = {"type": "direct", "content": [0, 31], "source": [32, 34], "cue": [35, 39]}

    def found(kind, start, end):
        return claimed.matched(text, [wanted], [Claim(kind, 0, ((start, end),), Source("PERSON", (32, 34)))])

    assert found("DIRECT", 0, 31)
    assert found("MIXED", 0, 20)
    assert not found("MIXED", 1, 20), "no quote is in it"
    assert not found("DIRECT", 0, 10), "too little of it"
    assert not found("INDIRECT", 0, 31)


def test_one_claim_answers_one_label():
    text = "The firm said that it was so."
    wanted = {"type": "indirect", "content": [19, 28], "source": [0, 8], "cue": [9, 13]}
    one = Claim("INDIRECT", 0, ((19, 28),), Source("VENDOR", (0, 8)))
    assert len(claimed.matched(text, [wanted, wanted], [one])) == 1


def test_a_signal_counts_with_its_category_and_a_vendor():
    text = "Italy banned DeepSeek from the app stores."

    def units(category, *vendors):
        wanted = {"category": category, "status": "asserted", "vendors": list(vendors)}
        found = signalled.measure([{"id": "x", "text": text, "vendors": [], "signals": [wanted]}], shipped())
        return found.units[signalled.PRECISION], found.units[signalled.RECALL], found.left_out.total()

    assert units("ban_restriction", "deepseek") == ([(1, 1)], [(1, 1)], 0)
    assert units("ban_restriction", "openai") == ([(0, 1)], [(0, 1)], 0)
    assert units("pricing", "deepseek") == ([(0, 1)], [(0, 1)], 0)
    assert units("pricing", "nobody-knows-it") == ([(0, 1)], [], 1)


def test_each_category_has_a_word_to_compare_with():
    assert signalled.STEMS.keys() == {label["category"] for row in rows(OPEN, "signals") for label in row["signals"]}


def articles(part=OPEN, seed=1):
    return wires.world(rows(part, "wires"), seed)


def test_each_story_is_told_in_six_articles():
    every = articles() + articles(LOCKED)
    assert len(every) == 120
    assert len({article.text for article in every}) == 120


def test_the_edits_depend_on_the_seed_alone():
    assert articles() == articles()
    assert articles() != articles(seed=2)


def test_another_credit_leaves_no_trace_of_the_agency():
    bare = wires.recredited("OSLO, May 2 (Meridian Wire) - It was so.\n\n(Reporting by Eva Moe; Editing by Al Ort)")
    assert "Meridian" not in bare
    assert "Reporting by" not in bare
    assert "It was so." in bare


def test_pairs_of_all_kinds_are_made():
    kinds = [pair.kind for part in (OPEN, LOCKED) for pair in wires.pairs(articles(part))]
    kinds += [pair.kind for part in (OPEN, LOCKED) for pair in wires.notices(rows(part, "templates"))]
    assert len(kinds) >= 120
    assert min(kinds.count(kind) for kind in ("edit", "half", "independent", "template", "other")) >= 18


def test_minhash_estimates_the_likeness_of_two_texts():
    words = [f"word{number}" for number in range(400)]
    one, other = " ".join(words), " ".join(words[:200] + words[::-1][:200])
    alike = len({*zip(*(words[k:] for k in range(5)), strict=False)})
    assert alike == 396
    assert wires.resemblance(one, one) == 1
    assert wires.resemblance(one, " ".join(words[::-1])) < 0.05
    assert 196 / 596 - 0.12 < wires.resemblance(one, other) < 196 / 596 + 0.12


def test_an_interval_holds_the_value_and_is_the_same_twice():
    units = [(1, 1)] * 80 + [(0, 1)] * 20
    low, high = interval(units, seed=3, times=300)
    assert (low, high) == interval(units, seed=3, times=300)
    assert 0.68 < low < 0.8 < high < 0.92
    assert interval(units, seed=3, times=0) is None
    assert interval([], seed=3, times=300) is None


@pytest.mark.parametrize(("value", "floor", "fine"), [(0.96, 0.96, True), (0.95, 0.96, False), (0.1, None, True)])
def test_a_floor_holds_from_its_value_on(value, floor, fine):
    assert holds(value, floor) is fine


def counted(right, wrong):
    found = Measured()
    for count, value in ((right, 1), (wrong, 0)):
        for _ in range(count):
            found.count("things", value)
    return found


def test_a_part_under_the_floor_is_marked_and_fails_nothing(capsys):
    table = Table("quality", {})
    table.figure(Goal("things", 0.8), {OPEN: counted(95, 5), LOCKED: counted(7, 3)}, seed=1, times=0)
    assert table.rows[0].holds
    assert ".700*" in capsys.readouterr().out
    assert table.under(LOCKED) == ["things .700"]
    assert table.under(OPEN) == []


def test_both_parts_together_must_hold(capsys):
    table = Table("quality", {})
    table.figure(Goal("things", 0.8), {OPEN: counted(75, 25), LOCKED: counted(9, 1)}, seed=1, times=0)
    assert not table.rows[0].holds
    assert capsys.readouterr().out.startswith("  FAIL things")


def suite_that_gets_wrong(value):
    def measure(part, seed, connection):
        found = counted(value, 10 - value)
        found.wrong(f"a confusion of {part}")
        return found

    return Suite("A suite", (Goal("things", 0.8),), measure)


def run(monkeypatch, tmp_path, suite, *flags):
    monkeypatch.setattr(quality, "suites", lambda: ((suite,), ()))
    monkeypatch.setattr(quality, "database", lambda: None)
    monkeypatch.setattr(_report, "RESULTS", tmp_path)
    monkeypatch.setattr("sys.argv", ["quality", *flags])
    return quality.main()


def test_confusions_are_told_of_the_open_texts_only(monkeypatch, tmp_path, capsys):
    assert run(monkeypatch, tmp_path, suite_that_gets_wrong(9), "--errors") == 0
    told = capsys.readouterr().out
    assert "a confusion of open" in told
    assert "a confusion of locked" not in told
    assert "a confusion" not in (tmp_path / "quality.json").read_text()


@pytest.mark.parametrize(("right", "status"), [(9, 0), (7, 1)])
def test_the_run_fails_under_a_floor(monkeypatch, tmp_path, right, status):
    assert run(monkeypatch, tmp_path, suite_that_gets_wrong(right)) == status
    told = json.loads((tmp_path / "quality.json").read_text())
    assert told["holds"] is (status == 0)
    assert told["rows"][0]["n"] == 20


def test_without_a_database_the_rest_is_measured(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert quality.database() is None
    monkeypatch.setenv("DATABASE_URL", _product.NOWHERE)
    assert quality.database() is None


def test_lines_without_content_are_no_rows(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"a": 1}\n\n{"a": 2}\n')
    assert [row["a"] for row in read(tmp_path / "x.jsonl")] == [1, 2]
