"""`manage.py invite`: the way the first administrator comes in."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.models import Entry

PASSWORD = "a heron stands in the shallows"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    """A file with a password and something below it."""
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nnot this line\n", encoding="utf-8")
    return file


def test_it_lets_a_person_in(system: User, password_file: Path) -> None:
    call_command("invite", "Ada@Example.org", "--name", "Ada", "--role", "administrator", "lead",
                 "--password-file", str(password_file))  # fmt: skip
    ada = User.objects.get(email="Ada@Example.org")
    assert ada.check_password(PASSWORD)
    assert ada.holds(Role.ADMINISTRATOR)
    assert ada.holds(Role.LEAD)


def test_it_leaves_one_entry_by_the_system_without_the_password(system: User, password_file: Path) -> None:
    call_command("invite", "ada@example.org", "--name", "Ada", "--role", "lead", "--password-file", str(password_file))
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.public["via"]) == ("user.invite", system, "command")
    assert "password" not in entry.private["arguments"]
    assert PASSWORD not in bytes(entry.body.body).decode()


def test_it_asks_for_the_password_twice(system: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter([PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    call_command("invite", "ada@example.org", "--name", "Ada")
    assert User.objects.get(email="ada@example.org").check_password(PASSWORD)


def test_it_refuses_two_different_passwords(system: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter([PASSWORD, f"{PASSWORD}s"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    with pytest.raises(CommandError, match="differ"):
        call_command("invite", "ada@example.org", "--name", "Ada")
    assert not User.objects.people().exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("ada@@example", "--name", "Ada"), "not an e-mail address"),
        (("ada@example.org", "--name", "Ada", "--role", "boss"), "There is no role boss"),
        (("ada@example.org", "--name", "  "), "name is empty"),
        (("ada@example.org", "--name", "Ada", "--password-file", "/nowhere/at/all"), "cannot be read"),
    ],
)
def test_it_says_what_is_wrong_and_lets_nobody_in(system: User, arguments: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        call_command("invite", *arguments)
    assert not User.objects.people().exists()


def test_it_refuses_an_address_in_use_whatever_its_capitals(alice: User, password_file: Path) -> None:
    with pytest.raises(CommandError, match="already"):
        call_command("invite", alice.email.upper(), "--name", "Alice", "--password-file", str(password_file))


def test_it_refuses_a_weak_password(system: User, tmp_path: Path) -> None:
    weak = tmp_path / "password"
    weak.write_text("password\n", encoding="utf-8")
    with pytest.raises(CommandError, match="too short"):
        call_command("invite", "ada@example.org", "--name", "Ada", "--password-file", str(weak))
    assert not User.objects.people().exists()
