"""The claims board: who says what now, and how many independent sources stand behind it."""

import datetime

import pytest

from riskreview.cases.models import Says
from riskreview.cases.workflow import Status
from riskreview.enrichment import alleging
from riskreview.enrichment.alleging import Support
from riskreview.evidence.models import Document, Origin
from tests import make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 1, 29)


@pytest.fixture
def case(alice):
    return make.case(by=alice, status=Status.IN_REVIEW)


@pytest.fixture
def claim(case, alice):
    return make.claim(case, by=alice, vendor=make.vendor(by=alice))


@pytest.fixture
def shown(case, alice):
    """An exhibit from a source of some reliability, of some credibility."""

    def of(credibility=2, **source):
        held = make.document(source=make.source(by=alice, **source))
        return case.add_exhibit(by=alice, snapshot=held.newest, start=0, end=40, credibility=credibility)

    return of


def says(claim, by, says, speaker, exhibit=None, days=0):
    as_of = DAY + datetime.timedelta(days=days)
    return claim.take_stand(by=by, says=says, speaker=speaker, as_of=as_of, exhibit=exhibit)


def board(claim):
    (told,) = alleging.of_case(claim.case)
    return told


@pytest.mark.parametrize(
    ("stands", "support"),
    [
        ("", Support.UNVERIFIED),
        ("+", Support.SINGLE_SOURCE),
        ("++", Support.CORROBORATED),
        ("++-", Support.CORROBORATED),
        ("+-", Support.DISPUTED),
        ("++--", Support.DISPUTED),
        ("-", Support.DISPUTED),
    ],
)
def test_two_independent_sources_and_no_equal_dispute_corroborate(claim, alice, shown, stands, support):
    for number, sign in enumerate(stands):
        word = Says.ALLEGED if sign == "+" else Says.DENIED
        says(claim, alice, word, f"Speaker {number}", shown())
    assert board(claim).support == support


@pytest.mark.parametrize(
    ("graded", "counts"),
    [
        ({"credibility": 3}, True),
        ({"credibility": 4}, False),
        ({"reliability": "C"}, True),
        ({"reliability": "D"}, False),
        ({"reliability": "F"}, False),
    ],
)
def test_what_is_graded_below_c3_counts_for_nothing(claim, alice, shown, graded, counts):
    says(claim, alice, Says.ALLEGED, "Somebody", shown(**graded))
    assert (board(claim).support == Support.SINGLE_SOURCE) == counts


def test_copies_of_one_text_count_once(claim, alice, shown):
    first, second = shown(), shown()
    origin = Origin.objects.create(root=first.document)
    Document.objects.filter(pk__in=[first.document_id, second.document_id]).update(origin=origin)
    says(claim, alice, Says.ALLEGED, "One", first)
    says(claim, alice, Says.ALLEGED, "Two", second)
    assert board(claim).support == Support.SINGLE_SOURCE


def test_an_exhibit_that_was_withdrawn_counts_no_more(claim, alice, shown):
    exhibit = shown()
    says(claim, alice, Says.ALLEGED, "One", exhibit)
    claim.case.withdraw_exhibit(by=alice, exhibit=exhibit, reason="A hoax.")
    assert board(claim).support == Support.UNVERIFIED


def test_the_newest_stand_of_a_speaker_counts_by_its_day(claim, alice, shown):
    says(claim, alice, Says.DENIED, "OpenAI", shown(), days=5)
    says(claim, alice, Says.ALLEGED, "openai", shown(), days=3)
    told = board(claim)
    assert [(each.speaker, each.says) for each in told.speakers] == [("OpenAI", Says.DENIED)]
    assert told.earlier == 2


def test_repeating_it_never_makes_it_a_fact(claim, alice, shown):
    for number in range(5):
        says(claim, alice, Says.ALLEGED, f"Speaker {number}", shown())
    told = board(claim)
    assert (told.support, told.standing, told.is_fact) == (Support.CORROBORATED, Says.ALLEGED, False)


@pytest.mark.parametrize("word", [Says.CONFIRMED_BY_VENDOR, Says.OFFICIAL_FINDING, Says.COURT_FINDING])
def test_three_words_make_it_more_than_alleged(claim, alice, word):
    says(claim, alice, word, "Somebody")
    assert (board(claim).standing, board(claim).is_fact) == (word, True)


@pytest.mark.parametrize("word", sorted({*Says} - {*alleging.FACTS}))
def test_no_other_word_does(claim, alice, word):
    says(claim, alice, word, "Somebody")
    assert board(claim).standing == Says.ALLEGED


def test_a_finding_that_was_taken_back_is_alleged_again(claim, alice):
    says(claim, alice, Says.OFFICIAL_FINDING, "The Garante")
    says(claim, alice, Says.WITHDRAWN, "The Garante", days=1)
    assert board(claim).standing == Says.ALLEGED


def test_a_claim_that_all_its_speakers_took_back_is_taken_back(claim, alice):
    says(claim, alice, Says.RETRACTED, "OpenAI", days=1)
    assert board(claim).support == Support.TAKEN_BACK


@pytest.mark.parametrize(
    ("word", "speaker"),
    [
        (Says.NOT_SOUGHT, "Alice"),
        (Says.NO_REPLY, "the newsroom"),
        (Says.DECLINED, "a spokesperson"),
        (Says.DENIED, "deepseek"),
        (Says.CONFIRMED_BY_VENDOR, "its counsel"),
    ],
)
def test_the_vendor_has_a_place_of_its_own(claim, alice, word, speaker):
    says(claim, alice, word, speaker)
    told = board(claim)
    assert (told.vendor.says, [each.speaker for each in told.speakers]) == (word, ["OpenAI"])


def test_the_board_is_read_in_a_fixed_number_of_queries(case, alice, shown, django_assert_max_num_queries):
    for _ in range(4):
        says(make.claim(case, by=alice), alice, Says.ALLEGED, "Somebody", shown())
    with django_assert_max_num_queries(3):
        assert len(alleging.of_case(case)) == 4
