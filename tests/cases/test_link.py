"""Links: one case refers to another, and how."""

import pytest

from riskreview.audit.refusals import NotAllowed, NotNow
from riskreview.cases.models import Link
from tests import expect, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    return make.case(by=alice)


@pytest.fixture
def other(alice):
    return make.case(by=alice, title="Another")


def test_it_is_drawn_once_of_each_kind(case, other, alice):
    link = Link.objects.draw(by=alice, case=case, to=other, kind="FOLLOWS", why=" The same firm. ")
    assert (link.to, link.kind, link.why) == (other, "FOLLOWS", "The same firm.")
    with expect.refusal(NotNow, case, match="there already"):
        Link.objects.draw(by=alice, case=case, to=other, kind="FOLLOWS")
    Link.objects.draw(by=alice, case=case, to=other, kind="PRECEDENT")


def test_a_case_is_not_linked_to_itself(case, alice):
    with expect.refusal(NotNow, case, match="not to itself"):
        Link.objects.draw(by=alice, case=case, to=case, kind="RELATED")


def test_readers_and_approvers_draw_none(case, other, bob, dave):
    for person in (bob, dave):
        with expect.refusal(NotAllowed, case):
            Link.objects.draw(by=person, case=case, to=other, kind="RELATED")


def test_it_is_cut_for_a_reason_and_can_be_drawn_again(case, alice):
    link = make.link(case, by=alice)
    with expect.refusal(NotNow, link, match="Say why"):
        link.cut(by=alice, reason="")
    with expect.one_entry("link.cut", by=alice, about=link):
        link.cut(by=alice, reason="Another firm.")
    with expect.refusal(NotNow, link, match="cut already"):
        link.cut(by=alice, reason="Again.")
    assert Link.objects.draw(by=alice, case=case, to=link.to, kind=link.kind).cut_at is None
