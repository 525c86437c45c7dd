"""The five users of the demonstration."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from riskreview.accounts.confirming import Confirmation, confirm
from riskreview.accounts.models import User
from riskreview.accounts.roles import Role

PASSWORD = "look-before-you-sign"  # noqa: S105 - printed on the demo's own first line


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part."""

    alice: User
    bob: User
    carol: User
    dave: User
    erin: User


PARTS = {
    "alice": ("Alice Okafor", [Role.REVIEWER]),
    "bob": ("Bob Lindqvist", [Role.APPROVER]),
    "carol": ("Carol Hart", [Role.LEAD]),
    "dave": ("Dave Rivera", [Role.READER]),
    "erin": ("Erin Novak", []),
}


def address(part: str) -> str:
    """The e-mail address somebody signs in with."""
    return f"{part}@riskreview.example"


def enter() -> Cast:
    """Invite the five, or find them where the demonstration was told before."""
    return Cast(**{part: _person(part, name, roles) for part, (name, roles) in PARTS.items()})


def proof_of(person: User) -> Confirmation:
    """What a page makes of the password that everybody in the demonstration has."""
    return confirm(person, PASSWORD, now=datetime.datetime.now(datetime.UTC))


def _person(part: str, name: str, roles: list[Role]) -> User:
    found: User | None = User.objects.filter(email=address(part)).first()
    if found:
        return found
    system = User.objects.system()
    invited: User = User.objects.invite(by=system, email=address(part), name=name, roles=roles, password=PASSWORD)
    return invited
