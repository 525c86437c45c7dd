"""What an approval stands for, whole, and under which digest."""

import pytest
from django.db import connection
from django.db.utils import InternalError, ProgrammingError

from riskreview.audit.state import TOO_LONG
from riskreview.cases import sealing
from riskreview.cases.dossier import gather
from riskreview.cases.models import Decision, Dossier
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.AWAITING_APPROVAL)


def test_it_holds_the_question_the_evidence_and_the_words(case, alice):
    told = case.open_decision().sealed.content
    exhibit, finding = case.exhibits.get(), case.findings.get()
    assert told["case.vendors"] == ["DeepSeek"]
    assert told["recommendation.rationale"] == case.open_decision().rationale
    assert told["finding.1.judgment"] == finding.judgment
    assert told["finding.1.exhibits"] == [1]
    assert told["finding.1.author"] == {"ref": f"user:{alice.pk}"}
    assert told["exhibit.1.passage"] == exhibit.passage
    assert told["exhibit.1.raw_sha256"] == exhibit.snapshot.raw_sha256
    assert told["exhibit.1.headline"] == exhibit.document.headline
    assert not any(path.startswith("playbook.") for path in told)


def test_its_digest_is_the_root_over_its_salted_leaves(case):
    sealed = case.open_decision().sealed
    assert case.open_decision().dossier_sha256 == sealed.root == sealing.root(sealed.content, sealed.key)
    assert sealing.root_of(sealing.disclosed(sealed.content, sealed.key, {"case.title"})) == sealed.root


def test_two_dossiers_of_the_same_words_have_different_digests(case, alice):
    one = case.open_decision()
    two = case.revise(by=alice, disposition=one.disposition, rationale=one.rationale)
    assert one.sealed.content == two.sealed.content
    assert one.dossier_sha256 != two.dossier_sha256


def test_a_long_text_stands_in_it_whole(alice):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    make.finding(case, by=alice)
    rationale = "So it is. " * TOO_LONG
    decision = case.submit(by=alice, disposition="MONITOR", rationale=rationale)
    assert decision.sealed.content["recommendation.rationale"] == rationale.strip()


def test_it_costs_the_same_however_much_stands_in_it(alice, django_assert_num_queries):
    case = make.case(by=alice, status=Status.IN_REVIEW)
    decision = Decision(case=case, disposition="MONITOR", rationale="So.")
    for _ in range(3):
        make.finding(case, by=alice, exhibits=[make.exhibit(case, by=alice), make.exhibit(case, by=alice)])
    with django_assert_num_queries(9):
        assert gather(case).content(decision)["finding.3.exhibits"] == [5, 6]


def test_it_is_never_changed(case):
    with pytest.raises((InternalError, ProgrammingError, Exception), match="refused"):
        Dossier.objects.update(content={})


def test_another_version_has_its_own_and_the_first_stays(case, alice):
    case.revise(by=alice, disposition="ADVISORY", rationale="Warn the desks.")
    assert [each.content["recommendation.disposition"] for each in Dossier.objects.order_by("pk")] == [
        "MONITOR",
        "ADVISORY",
    ]


def test_what_was_approved_differs_from_nothing(case, bob):
    decision = make.approval(case, by=bob)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_finding SET judgment = 'Something else.'")
    assert case.changes_since(decision) == []


def test_a_change_after_submission_voids_it_and_says_what_differs(case, alice, bob):
    decision = case.open_decision()
    finding = make.finding(case, by=alice, exhibits=[case.exhibits.get()])
    decision.refresh_from_db()
    case.refresh_from_db()
    assert (case.status, decision.is_open, decision.voided_by) == (Status.IN_REVIEW, False, alice)
    assert decision.void_cause == f"finding {finding.ref}"
    assert f"finding.{finding.number}" in [each.path for each in case.changes_since(decision)]
    with expect.refusal(Exception, case, match="in review"):
        make.approval(case, by=bob)
