"""Teams: people who share an inbox."""

import pytest

from riskreview.accounts.models import Team
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make

pytestmark = pytest.mark.django_db


def test_a_lead_sets_one_up_and_says_who_is_in_it(alice, bob, carol):
    team = Team.objects.set_up(by=carol, slug="chips", name=" Chips ", members=[alice])
    assert (team.name, list(team.members.all())) == ("Chips", [alice])
    with expect.one_entry("team.staff", by=carol, about=team):
        team.staff(by=carol, members=[bob])
    assert (list(Team.objects.of(alice)), list(Team.objects.of(bob))) == ([], [team])


def test_it_has_a_name(carol):
    with expect.refusal(NotNow, match="needs a name"):
        Team.objects.set_up(by=carol, slug="chips", name=" ", members=[])


def test_nobody_else_does(alice, carol):
    team = make.team(by=carol)
    with expect.refusal(NotAllowed, team):
        team.staff(by=alice, members=[alice])
    with expect.refusal(NotAllowed, team):
        make.team(by=alice, name="Mine")
