"""What blocks a submission: every sentence goes back to exhibits that stand."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from riskreview.cases import grounds
from riskreview.cases.grounds import Grounds
from riskreview.cases.models import Confidence, Flag, Likelihood, RiskArea, Stance
from riskreview.cases.workflow import Status
from riskreview.evidence.models import Document, Origin
from tests import make

ONE = "Prompts are likely to be kept abroad."
WHERE = "F1, sentence 1"


def exhibit(number, **told):
    given = {"stands": True, "credibility": 2, "stance": "SUPPORTS", "text_key": f"d{number}", "ref": f"E{number}"}
    return SimpleNamespace(number=number, **(given | told))


def known(judgment=ONE, basis="", **told):
    """A case with exhibits 1 and 2 (which was withdrawn) and one finding on the first."""
    exhibits = {1: exhibit(1), 2: exhibit(2, stands=False)}
    given = {"ref": "F1", "stands": True, "likelihood": "LIKELY", "is_fact": False, "edited_at": None}
    rests = SimpleNamespace(all=lambda: [exhibits[1]])
    finding = SimpleNamespace(judgment=judgment, basis=basis, exhibits=rests, **(given | told.pop("finding", {})))
    return Grounds(findings=[finding], exhibits=exhibits, **told)


@pytest.mark.parametrize(
    ("judgment", "basis", "found"),
    [
        (ONE, "", []),
        (ONE + " [E1]", "", []),
        ("It is likely to be kept [E1]. It is kept in China [E1].", "", []),
        ("It is likely to be kept [E1]. It is kept in China.", "", [("uncited", "F1, sentence 2")]),
        ("It is kept. It is likely to stay. [E1]", "", [("uncited", WHERE)]),
        ("It is likely kept. Nobody knows where.", "", [("uncited", WHERE), ("uncited", "F1, sentence 2")]),
        (ONE, "A regulator says so.", []),
        (ONE, "A regulator says so [E1]. Another agrees.", [("uncited", "F1, basis, sentence 2")]),
        ("It is likely to be kept [E9].", "", [("unknown", WHERE)]),
        ("It is likely to be kept [E1, E2].", "", [("withdrawn", WHERE)]),
        ("It is likely to be kept, with high confidence.", "", [("L1", "F1")]),
        ("It is probably kept, and likely abroad.", "", [("L2", "F1")]),
        ("It is likely to be kept: 30 % of what is sent.", "", [("L3", "F1")]),
        ("It may be kept.", "", []),
    ],
)
def test_each_sentence_goes_back_to_exhibits(judgment, basis, found):
    assert [(each.code, each.where) for each in grounds.blocking(known(judgment, basis))] == found


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"gone": {1}}, ["passage"]),
        ({"gone": {2}}, []),
        ({"shaken": {1}}, ["changed"]),
        ({"fell": {1: 10}}, ["fallen"]),
        ({"fell": {1: 10}, "finding": {"edited_at": 9}}, ["fallen"]),
        ({"fell": {1: 10}, "finding": {"edited_at": 11}}, []),
        ({"finding": {"likelihood": ""}}, ["likelihood"]),
        ({"finding": {"likelihood": "", "is_fact": True}}, []),
        ({"finding": {"stands": False}, "gone": {1}}, []),
    ],
)
def test_what_it_rests_on_must_hold(told, codes):
    assert [each.code for each in grounds.blocking(known(**told))] == codes


@pytest.mark.parametrize(
    ("others", "codes"),
    [
        ([], ["unconfirmed"]),
        ([exhibit(2)], []),
        ([exhibit(2, text_key="d1")], ["unconfirmed"]),
        ([exhibit(2, stands=False)], ["unconfirmed"]),
        ([exhibit(2, stance="CONTEXT")], ["unconfirmed"]),
    ],
)
def test_what_is_graded_as_confirmed_must_be_confirmed_still(others, codes):
    every = {each.number: each for each in [exhibit(1, credibility=1), *others]}
    assert [each.code for each in grounds.blocking(Grounds([], every))] == codes


@pytest.mark.parametrize(
    ("judgment", "is_fact", "rules"),
    [
        (ONE, False, []),
        ("It may be kept.", False, ["L4", "L5"]),
        ("It is kept.", False, ["L5"]),
        ("It is kept.", True, []),
    ],
)
def test_what_only_weakens_a_judgement_blocks_nothing(judgment, is_fact, rules):
    told = known(judgment, finding={"is_fact": is_fact})
    assert sorted(each.code for each in grounds.weakening(told)) == rules
    assert grounds.blocking(told) == []


def test_an_objection_names_its_place_and_quotes_little():
    (told,) = grounds.blocking(known("It is likely [E1]. " + "Very long it is and longer still " * 9 + "."))
    assert str(told).startswith("F1, sentence 2: “Very long it is")
    assert str(told).endswith("…” cites nothing. Name its exhibits, such as [E1].")
    assert len(str(told)) < 150


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def finding(case, alice):
    return make.finding(case, by=alice)


def codes(case):
    return [each.code for each in grounds.objections(case)]


@pytest.mark.django_db
def test_a_passage_that_is_no_longer_in_its_capture_is_found(case, finding):
    assert codes(case) == []
    case.exhibits.update(passage=make.TEXT[:39] + "X")
    assert codes(case) == ["passage"]


@pytest.mark.django_db
def test_a_passage_with_signs_beyond_the_basic_plane_is_counted_as_it_was(case, alice):
    text = "𝔇eepSeek 深度求索 keeps what is sent. 😀 It says so."
    held = make.document(text).newest
    shown = case.add_exhibit(by=alice, snapshot=held, start=4, end=30)
    make.finding(case, by=alice, exhibits=[shown])
    assert codes(case) == []


@pytest.mark.django_db
def test_a_change_at_the_source_blocks_until_it_is_settled_and_the_finding_follows(case, finding, alice):
    flag = make.flag(case.exhibits.get())
    assert codes(case) == ["changed"]
    flag.settle(by=alice, still_holds=False, reason="The point is gone.")
    assert codes(case) == ["fallen"]
    words = {"risk_area": RiskArea.PRIVACY, "confidence": Confidence.LOW, "likelihood": Likelihood.UNLIKELY}
    rests = list(finding.exhibits.all())
    Flag.objects.update(settled_at=make.WHEN)  # a test is one moment to the database
    case.amend_finding(by=alice, finding=finding, judgment="It is unlikely to be kept.", exhibits=rests, **words)
    assert codes(case) == []


@pytest.mark.django_db
def test_a_change_that_leaves_the_point_standing_blocks_nothing(case, finding, alice):
    make.flag(case.exhibits.get()).settle(by=alice, still_holds=True, reason="Only the adjective changed.")
    assert codes(case) == []


@pytest.mark.django_db
def test_a_confirmation_that_turns_out_to_be_a_copy_is_found(case, alice):
    first = make.exhibit(case, by=alice)
    second = case.add_exhibit(by=alice, snapshot=make.snapshot(), start=0, end=9, stance=Stance.SUPPORTS, credibility=1)
    assert codes(case) == []
    origin = Origin.objects.create(root=first.document)
    Document.objects.filter(pk__in=[first.document_id, second.document_id]).update(origin=origin)
    assert [str(each) for each in grounds.objections(case)] == [
        "E2: It is graded as confirmed by other sources, and no exhibit of another origin confirms it."
    ]


@pytest.mark.django_db
def test_it_loads_no_text_and_asks_a_fixed_number_of_times(case, alice, django_assert_num_queries):
    for _ in range(3):
        make.finding(case, by=alice)
    with django_assert_num_queries(4) as asked:
        grounds.both(case)
    assert not any('"evidence_snapshot"."text" AS' in each["sql"] for each in asked.captured_queries)


def test_what_the_models_stand_on_looks_none_of_them_up_by_name():
    plain = Path(grounds.__file__).parent.glob("*.py")
    assert [each.name for each in plain if 'get_model("' in each.read_text(encoding="utf-8")] == []
