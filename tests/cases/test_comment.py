"""Comments: notes to colleagues, and whom they mention."""

import pytest

from riskreview.accounts.roles import Role
from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Comment
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice, status="IN_REVIEW")


@pytest.fixture
def comment(case, alice):
    return make.comment(case, by=alice)


@pytest.mark.parametrize("noun", ["case", "vendor", "incident", "document"])
def test_it_is_written_on_one_thing(noun, alice, case):
    subject = {"case": lambda: case, "document": make.document}.get(noun) or (lambda: getattr(make, noun)(by=alice))
    row = subject()
    comment = Comment.objects.write(by=alice, text="Look here.", **{noun: row})
    assert comment.subject == row
    assert comment.get_absolute_url() == f"{row.get_absolute_url()}#comment-{comment.pk}"
    assert list(Comment.objects.on(row)) == [comment]


def test_it_is_not_written_on_two_things_or_none(alice, case):
    for given in ({}, {"case": case, "vendor": make.vendor(by=alice)}):
        with expect.refusal(NotNow, case, match="on one thing"):
            Comment.objects.write(by=alice, text="Look here.", **given)


def test_it_may_be_on_a_part_of_a_case_that_is_there(alice, case):
    make.finding(case, by=alice)
    assert Comment.objects.write(by=alice, text="Thin.", case=case, about="F1").about == "F1"
    with expect.refusal(NotNow, case, match="no E9"):
        Comment.objects.write(by=alice, text="Thin.", case=case, about="E9")
    with expect.refusal(NotNow, match="Only a case"):
        Comment.objects.write(by=alice, text="Thin.", vendor=make.vendor(by=alice), about="E1")


def test_it_mentions_people_by_name_or_address(alice, bob, dave, case):
    comment = make.comment(case, by=alice, text="@Bob and @dave@example.org: please read. @nobody too.")
    assert set(comment.mentions.all()) == {bob, dave}


def test_only_those_who_may_see_it_can_be_mentioned(alice, erin, case, system, bob):
    assert make.comment(case, by=alice, text="@Erin, @erin@example.org").mentions.count() == 0
    bob.dismiss(by=system, reason="Left.")
    assert make.comment(case, by=alice, text="@Bob?").mentions.count() == 0


def test_a_name_of_two_people_is_refused_with_the_way_out(alice, case, invite):
    invite("Bo", Role.REVIEWER)
    other = invite("Bo2", Role.REVIEWER)
    type(other).objects.filter(pk=other.pk).update(name="Bo")
    with expect.refusal(NotNow, case, match="@Bo fits several people"):
        make.comment(case, by=alice, text="@Bo: look")


def test_its_author_words_it_otherwise_and_nobody_else(comment, alice, bob, carol):
    with expect.refusal(NotAllowed, comment, match="who wrote this"):
        comment.edit(by=carol, text="Other words")
    with expect.one_entry("comment.edit", by=alice, about=comment):
        comment.edit(by=alice, text="For @Bob now.")
    assert (comment.text, list(comment.mentions.all()), comment.edited_at is None) == ("For @Bob now.", [bob], False)
    comment.edit(by=alice, text="For @Bob now.")
    assert comment.entry_seq == 2


@pytest.mark.parametrize(("person", "may"), [("alice", True), ("carol", True), ("bob", False)])
def test_its_author_or_a_lead_takes_it_off_the_page(comment, person, may, request):
    by = request.getfixturevalue(person)
    if not may:
        with expect.refusal(NotAllowed, comment, match="a lead"):
            comment.withdraw(by=by)
        return
    with expect.one_entry("comment.withdraw", by=by, about=comment):
        comment.withdraw(by=by)
    for act in (lambda: comment.withdraw(by=by), lambda: comment.edit(by=comment.author, text="Back")):
        with expect.refusal(NotNow, comment, match="was withdrawn"):
            act()


@pytest.mark.parametrize("person", ["dave", "erin"])
def test_readers_write_none(case, person, request):
    by = request.getfixturevalue(person)
    with expect.refusal(NotAllowed, case):
        make.comment(case, by=by)
