"""The cast, and the two clients."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, TransactionTestCase
from rest_framework.test import APIClient

from riskreview.accounts.models import ApiToken, User
from riskreview.accounts.roles import Role
from riskreview.accounts.tokens import Scope
from riskreview.audit import entries
from riskreview.audit.memory import Memory
from riskreview.audit.models import Checkpoint, Log
from riskreview.audit.notary import Notary, sequence
from riskreview.audit.note import Signer
from tests import databases

PASSWORD = "correct horse battery staple"
NOW = datetime.datetime(2025, 1, 29, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(scope="session", autouse=True)
def _archive() -> Iterator[None]:
    """The run's own archive goes with the run."""
    yield
    shutil.rmtree(settings.ARCHIVE_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put the whole database back after a test that commits, instead of emptying its tables."""
    with django_db_blocker.unblock():
        databases.keep_template()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: databases.put_back())
        yield
    with django_db_blocker.unblock():
        databases.drop_template()


@pytest.fixture
def system(db: None) -> User:
    """The system user."""
    return User.objects.system()


@pytest.fixture
def invite(system: User) -> Callable[..., User]:
    """Let somebody in through the real verb."""

    def let_in(name: str, *roles: Role) -> User:
        email = f"{name.lower()}@example.org"
        return User.objects.invite(by=system, email=email, name=name, roles=list(roles), password=PASSWORD)

    return let_in


@pytest.fixture
def alice(invite: Callable[..., User]) -> User:
    """Reviews."""
    return invite("Alice", Role.REVIEWER)


@pytest.fixture
def bob(invite: Callable[..., User]) -> User:
    """Approves."""
    return invite("Bob", Role.APPROVER)


@pytest.fixture
def carol(invite: Callable[..., User]) -> User:
    """Leads."""
    return invite("Carol", Role.LEAD)


@pytest.fixture
def dave(invite: Callable[..., User]) -> User:
    """Reads only."""
    return invite("Dave", Role.READER)


@pytest.fixture
def erin(invite: Callable[..., User]) -> User:
    """Has no access."""
    return invite("Erin")


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def api(system: User) -> Callable[..., APIClient]:
    """A program with a token of somebody."""

    def with_token(user: User, scopes: list[str] | None = None) -> APIClient:
        now = datetime.datetime.now(datetime.UTC)
        token = ApiToken.objects.issue(
            by=user,
            name="test",
            scopes=[*Scope.values] if scopes is None else scopes,
            expires_at=now + datetime.timedelta(days=1),
            now=now,
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token.secret}")
        return client

    return with_token


@pytest.fixture
def notary(system: User, tmp_path: Path) -> Notary:
    """The signing half, with a key and a memory of its own."""
    return Notary("riskreview.test/ledger", [Signer.generate("riskreview.test/ledger")], Memory(tmp_path / "memory"))


@pytest.fixture
def sign_log(notary: Notary) -> Callable[[], Checkpoint]:
    """Do the notary's round: begin a log if there is none, order what waits, sign; return the newest checkpoint."""

    def once() -> Checkpoint:
        notary.begin(entries.now().at)
        while sequence():
            pass
        notary.sign(Log.objects.current())
        return Checkpoint.objects.newest()

    return once
