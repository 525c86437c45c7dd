"""`manage.py explain`: the whole analysis of a file, for people and for programs, with or without a database."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from riskreview.enrichment.explaining import SCHEMA
from riskreview.enrichment.scoring import recomputed
from tests import make
from tests.enrichment import seed

TEXT = """Alibaba released a new version of its Qwen 2.5-Max model on Wednesday, according to the company.
Meanwhile, the White House has asked the National Security Council to review security risks of DeepSeek."""
REVIEW = {
    "id": "C1",
    "title": "DeepSeek: security review",
    "summary": "The National Security Council reviews security risks of the app.",
    "vendors": ["deepseek"],
}


@pytest.fixture
def explain(tmp_path):
    """Run the command on a text; what it printed."""

    def run(text=TEXT, *, cases=None, **options):
        path = tmp_path / "article.txt"
        path.write_text(text, encoding="utf-8")
        if cases is not None:
            given = tmp_path / "cases.json"
            given.write_text(json.dumps(cases), encoding="utf-8")
            options["cases"] = str(given)
        out = io.StringIO()
        call_command("explain", str(path), stdout=out, **options)
        return out.getvalue()

    return run


def as_values(explain, *given, **options):
    return json.loads(explain(*given, json=True, **options))


def test_it_needs_no_database_with_the_shipped_names(explain):
    told = explain(shipped=True, cases=[REVIEW])
    assert "“White House”" in told
    assert "official security review, asserted, in sentence 2, about deepseek" in told
    assert "C1 DeepSeek: security review" in told
    assert "Names the same body as the case: National Security Council." in told


def test_a_denial_is_told_as_one(explain):
    text = "Mistral AI denied that 65,000 patient records were stolen. DeepSeek said that it was late."
    told = explain(text, shipped=True)
    assert "denied by “Mistral AI” [0:10]" in told
    assert "said by “DeepSeek”" in told
    assert [claim["denies"] for claim in as_values(explain, text, shipped=True)["claims"]] == [True, False]


def test_its_json_has_a_stable_shape(explain):
    values = as_values(explain, shipped=True, cases={"cases": [REVIEW]}, title="Two things")
    assert list(values) == [
        "schema", "versions", "title", "characters", "not_analysed", "sentences", "mentions", "agencies", "unknown",
        "claims", "hedges", "figures", "signals", "salience", "cases",
    ]  # fmt: skip
    assert (values["schema"], values["title"], values["characters"]) == (SCHEMA, "Two things", len(TEXT))
    assert list(values["versions"]) == ["pipeline", "gazetteer", "score", "weights", "background"]
    assert as_values(explain, shipped=True, cases=[REVIEW], title="Two things") == values


def test_every_span_stands_in_the_text(explain):
    spans = list(walk(as_values(explain, shipped=True, cases=[REVIEW])))
    assert len(spans) > 10
    assert all(TEXT[span["start"] : span["end"]] == span["text"] for span in spans)


def walk(node):
    if isinstance(node, dict):
        if {"start", "end", "text"} <= node.keys() and isinstance(node["text"], str):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from walk(inner)


def test_a_case_is_asked_about_what_its_question_speaks_of(explain):
    assert as_values(explain, shipped=True, cases=[REVIEW])["cases"][0]["categories"] == ["security_review"]


@pytest.mark.parametrize(
    ("cases", "complaint"),
    [
        ("C1", "no list of cases"),
        ([{"summary": "x"}], "case 1: a case has a title"),
        ([REVIEW, REVIEW | {"vendors": ["nobody"]}], "case 2: no vendor on the register is called nobody"),
        ([REVIEW | {"categories": ["gossip"]}], "no kind of risk called gossip"),
    ],
)
def test_it_says_what_is_wrong_with_a_file_of_cases(explain, cases, complaint):
    with pytest.raises(CommandError, match=complaint):
        explain(shipped=True, cases=cases)


def test_it_says_that_a_file_is_missing():
    with pytest.raises(CommandError, match="No such file"):
        call_command("explain", "/nowhere/at-all.txt", shipped=True)


def test_a_file_without_text_is_refused_with_a_reason(explain):
    with pytest.raises(CommandError, match="nothing in it"):
        explain("  \n", shipped=True)


@pytest.mark.django_db
def test_without_more_it_uses_the_register_and_the_open_cases(explain, alice):
    case = make.case(by=alice, title="DeepSeek: security risks under review")
    values = as_values(explain)
    assert [(each["case"], each["vendors"]) for each in values["cases"]] == [(case.ref, ["deepseek"])]
    assert values["cases"][0]["score"] >= 60


@pytest.fixture
def seeded(explain):
    """The seed article against its cases, with its analysis by hand."""
    expected = seed.expected()
    cases = [case | {"vendors": [seed.slug(each) for each in case["vendors"]]} for case in expected["cases"]]
    return expected, as_values(explain, seed.text(), shipped=True, cases=cases)


@seed.needs_seed
def test_the_seed_article_is_explained_as_it_was_by_hand(seeded):
    expected, values = seeded
    assert [[each["start"], each["end"]] for each in values["sentences"]] == expected["sentences"]
    named = {(each["start"], each["end"]): each["vendor"] for each in values["mentions"] if each["state"] == "ACCEPTED"}
    named |= {(each["start"], each["end"]): each["agency"] for each in values["agencies"]}
    assert named == {(each["start"], each["end"]): seed.slug(each["entity"]) for each in expected["mentions"]}
    figures = {(each["start"], each["end"]): float(each["value"]) for each in values["figures"]}
    assert figures == {(each["start"], each["end"]): float(each["value"]) for each in expected["figures"]}


@seed.needs_seed
def test_the_seed_article_speaks_of_the_risks_found_by_hand(seeded):
    expected, values = seeded
    for wanted in (each for each in expected["signals"] if each["required"]):
        same = [
            each
            for each in values["signals"]
            if each["sentence"] == wanted["sentence"] - 1 and each["category"] == wanted["category"]
        ]
        assert len(same) == 1, wanted["id"]
        assert {seed.slug(vendor) for vendor in wanted["vendors"]} <= set(same[0]["vendors"]), wanted["id"]
        assert same[0]["status"].lower() in wanted["status"], wanted["id"]


@seed.needs_seed
def test_the_seed_article_finds_its_cases_and_hides_the_decoys(seeded):
    expected, values = seeded
    wanted = expected["relevance"]
    got = {each["case"]: each for each in values["cases"]}
    scores = {key: each["score"] for key, each in got.items()}
    assert all(scores[key] >= 60 for key in wanted["suggested"]), scores
    assert all(scores[key] < 35 for key in wanted["target_hidden"]), scores
    assert all(scores[above] > scores[below] for above, below in wanted["must_rank_above"]), scores
    assert max(scores.values()) < 100, "the score must not saturate"
    assert all(recomputed(each["parts"]) == each["score"] for each in got.values())
    for key, numbers in wanted["excerpt_must_overlap"].items():
        places, passage = [expected["sentences"][number - 1] for number in numbers], got[key]["passage"]
        assert any(passage["start"] < end and start < passage["end"] for start, end in places), key
