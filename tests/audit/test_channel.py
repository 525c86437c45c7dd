"""The road an act takes: ambient, bounded, and never the one who acts."""

import dataclasses

import pytest

from riskreview.audit.channel import Channel, acting_through, current


def test_it_is_the_shell_unless_someone_says_otherwise():
    assert current() == Channel(via="shell")


def test_it_lasts_as_long_as_the_block_even_through_an_error():
    def failing():
        with acting_through(Channel(via="web")), acting_through(Channel(via="task")):
            assert current().via == "task"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert current().via == "shell"


def test_it_keeps_only_what_is_known_and_not_too_much():
    assert Channel().private() == {}
    assert Channel(address="192.0.2.7", agent="a" * 900).private() == {"address": "192.0.2.7", "agent": "a" * 300}


def test_it_never_says_who_acts():
    names = {field.name for field in dataclasses.fields(Channel)}
    assert names == {"via", "request", "token", "address", "agent"}
