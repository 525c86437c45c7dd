"""`manage.py invite EMAIL --name NAME --role ROLE…`: let a person in; the way the first administrator comes in."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit.channel import Channel, acting_through


class Command(BaseCommand):
    """Invite one person, in the name of the system."""

    help = "Let a person in. The password is asked for, or read from the first line of a file."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Who, in which roles, and where the password is."""
        names = ", ".join(role.lower() for role in Role.values)
        parser.add_argument("email", metavar="EMAIL", help="the address the person signs in with")
        parser.add_argument("--name", required=True, help="the name others see")
        parser.add_argument("--role", nargs="+", default=[], metavar="ROLE", help=f"one or more of: {names}")
        parser.add_argument("--password-file", type=Path, metavar="FILE", help="the password is its first line")

    def handle(self, *, email: str, name: str, role: list[str], password_file: Path | None, **_: Any) -> None:
        """Check everything, then invite. Raises `CommandError`, and then nobody was let in."""
        address, roles = free_address(email.strip()), known(role)
        if not name.strip():
            raise CommandError("The name is empty.")
        person = User(email=address, name=name.strip())
        password = checked(read(password_file) if password_file else asked(), person)
        with acting_through(Channel(via="command")):
            User.objects.invite(by=User.objects.system(), email=address, name=name, roles=roles, password=password)
        trusted = ", ".join(each.label.lower() for each in roles) or "no access yet"
        self.stdout.write(f"{person.name} can sign in as {address} ({trusted}).")


def free_address(email: str) -> str:
    """The address, if it is one and nobody has it."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email} is not an e-mail address.") from error
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(f"Somebody signs in as {email} already.")
    return email


def known(names: list[str]) -> list[Role]:
    """The roles of these names, in capitals or not."""
    strange = sorted({name for name in names if name.upper() not in Role.values})
    if strange:
        every = ", ".join(role.lower() for role in Role.values)
        raise CommandError(f"There is no role {strange[0]}. The roles are: {every}.")
    return [Role(name.upper()) for name in dict.fromkeys(names)]


def read(file: Path) -> str:
    """The first line of a file."""
    try:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def asked() -> str:
    """The password typed twice at the terminal."""
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password. Give it with --password-file.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two passwords differ.")
    return password


def checked(password: str, person: User) -> str:
    """The password, if it is good enough for this person."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
