"""`manage.py demo`: the accounts, the address, then the story."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from riskreview.accounts.models import User
from riskreview.web.demo import people, story
from riskreview.web.demo.desk import Unfinished
from tests import make

pytestmark = pytest.mark.django_db
WHERE = {"newsroom": "http://127.0.0.1:8901", "web": "http://127.0.0.1:8000"}


class Told(io.StringIO):
    """What is said, and how many accounts of the cast there were at each line."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def write(self, text):
        """One line."""
        addresses = [people.address(part) for part in people.PARTS]
        self.lines.append((text, User.objects.filter(email__in=addresses).count()))
        return len(text)


def test_the_first_page_is_named_once_everybody_can_sign_in(system, monkeypatch):
    monkeypatch.setattr(story, "told", lambda: False)
    monkeypatch.setattr(story, "tell", lambda desk: desk.tell("the story"))
    said = Told()
    call_command("demo", **WHERE, stdout=said)
    [(first, there), (second, _)] = said.lines
    assert there == len(people.PARTS)
    assert f"first page at {WHERE['web']}: sign in as alice@riskreview.example" in first
    assert people.PASSWORD in first
    assert "the story" in second


def test_a_story_that_stopped_half_way_is_a_failure(system, monkeypatch):
    def stopped():
        raise Unfinished("it was begun here before and stopped half-way")

    monkeypatch.setattr(story, "told", stopped)
    with pytest.raises(CommandError, match="could not be finished: it was begun here before"):
        call_command("demo", **WHERE, stdout=io.StringIO())


def test_accounts_alone_are_no_story_and_a_register_without_its_end_is_a_story_that_stopped(system, carol):
    people.enter()
    assert story.told() is False
    make.vendor(by=carol)
    with pytest.raises(Unfinished, match="stopped half-way"):
        story.told()
