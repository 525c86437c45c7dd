"""Somebody says something else of a claim."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Allegation, Says, Stand
from riskreview.cases.workflow import Status
from tests import expect, make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 30)
SAID = {"says": Says.DENIED, "speaker": "DeepSeek", "as_of": DAY}


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def claim(case, alice):
    return make.claim(case, by=alice)


def test_it_is_added_and_the_earlier_one_stays(claim, alice):
    with expect.one_entry("allegation.take_stand", by=alice, about=claim):
        claim.take_stand(by=alice, note="In a blog post.", **SAID)
    told = [(each.says, each.speaker) for each in claim.stands.order_by("pk")]
    assert told == [(Says.ALLEGED, "OpenAI"), (Says.DENIED, "DeepSeek")]


def test_it_wants_a_speaker_and_a_word_of_the_vocabulary(claim, alice):
    with expect.refusal(NotNow, claim, match="who says so"):
        claim.take_stand(by=alice, **(SAID | {"speaker": " "}))
    with pytest.raises(ValueError, match="not a valid Says"):
        claim.take_stand(by=alice, **(SAID | {"says": "SHRUGGED"}))


def test_a_case_that_is_over_takes_none(claim, case, alice, carol):
    case.withdraw(by=carol, reason="The question fell away.")
    with expect.refusal(NotNow, claim, match="is withdrawn"):
        claim.take_stand(by=alice, **SAID)


def test_it_takes_no_exhibit_of_another_case(claim, alice):
    strange = make.exhibit(make.case(by=alice), by=alice)
    with expect.refusal(NotNow, claim, match="exhibit of this case"):
        claim.take_stand(by=alice, exhibit=strange, **SAID)


def test_it_refuses_who_does_not_review(claim, outsiders):
    for person in outsiders:
        with expect.refusal(NotAllowed, claim):
            claim.take_stand(by=person, **SAID)


def test_the_table_knows_the_words(claim):
    with expect.violation("stand_says_known"):
        Stand.objects.filter(allegation=claim).update(says="SHRUGGED")


def test_two_claims_of_a_case_have_two_numbers(claim, case, alice):
    other = make.claim(case, by=alice)
    with expect.violation("allegation_number_once"):
        Allegation.objects.filter(pk=other.pk).update(number=claim.number)
    with expect.violation("allegation_says_something"):
        Allegation.objects.filter(pk=other.pk).update(text="")


def test_the_case_stays_as_it_is_meanwhile(claim, alice):
    with CaptureQueriesContext(connection) as asked:
        claim.take_stand(by=alice, **SAID)
    locks = [each["sql"] for each in asked if each["sql"].endswith("FOR NO KEY UPDATE")]
    assert any('FROM "cases_case"' in each for each in locks)
