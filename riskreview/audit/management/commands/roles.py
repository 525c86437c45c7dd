"""`manage.py roles`: the SQL that gives each process of a production site a database role of its own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models

from riskreview.audit.recorded import Recorded

# The record's own tables, and what the web and the workers may do there besides reading.
WRITTEN_DOWN = ("audit_entry", "audit_body", "audit_trace", "audit_pending", "audit_cosignature", "audit_removal")
NOTARYS = ("audit_log", "audit_leaf", "audit_tile", "audit_checkpoint")
SECRET = ("accounts_user", "accounts_apitoken", "django_session")
# What a reader may see of the tables with secrets in them.
OPEN_COLUMNS = {"accounts_user": ("id", "name", "email", "roles", "is_active", "entry_seq", "joined_at")}


class Command(BaseCommand):
    """Print the script; nothing is changed."""

    help = "Print SQL for database roles that cannot touch what is recorded. Run it as the owner of the tables."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How the roles are called."""
        parser.add_argument("--prefix", default="rr", help="the roles are PREFIX_app, _notary, _keeper, _reader (rr)")

    def handle(self, *, prefix: str, **_: Any) -> None:
        """Print it."""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,30}", prefix):
            raise CommandError("A prefix is made of small letters, digits and underscores.")
        self.stdout.write("\n".join(script(prefix)))


def script(prefix: str) -> Iterator[str]:
    """The whole script, a line at a time."""
    app, notary, keeper, reader = (f"{prefix}_{each}" for each in ("app", "notary", "keeper", "reader"))
    yield "-- Run as the owner of the tables, after every migration. Set passwords with \\password afterwards."
    for role in (app, notary, keeper, reader):
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN"
            f" CREATE ROLE {role} LOGIN; END IF; END $$;"
        )
        yield f"GRANT USAGE ON SCHEMA public TO {role};"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};"
    yield from for_app(app)
    yield from for_notary(notary)
    yield "\n-- Erasure and retention: what the application may, and taking out what the record lets go of."
    yield f"GRANT {app} TO {keeper};"
    yield f"GRANT DELETE ON audit_entry, audit_body, audit_trace TO {keeper};"
    yield from for_reader(reader)


def for_app(role: str) -> Iterator[str]:
    """Web and workers: they add to the record, and take nothing away from what people judged."""
    yield "\n-- Web and workers"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"
    yield f"GRANT INSERT ON {', '.join(WRITTEN_DOWN)} TO {role};"
    judged, free = tables()
    yield f"GRANT INSERT, UPDATE ON {', '.join(judged)} TO {role};"
    yield f"GRANT INSERT, UPDATE, DELETE ON {', '.join(free)} TO {role};"


def for_notary(role: str) -> Iterator[str]:
    """The notary: it orders and signs, and writes one kind of act, the beginning of a log."""
    yield "\n-- The notary"
    read = (*WRITTEN_DOWN, *NOTARYS, "audit_ledger", "audit_legalhold", "accounts_user")
    yield f"GRANT SELECT ON {', '.join(read)} TO {role};"
    yield f"GRANT INSERT ON audit_entry, audit_body, audit_trace, audit_pending, {', '.join(NOTARYS)} TO {role};"
    yield f"GRANT UPDATE ON audit_log, audit_ledger TO {role};"
    yield f"GRANT DELETE ON audit_pending TO {role};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};"


def for_reader(role: str) -> Iterator[str]:
    """Reports: everything but secrets."""
    yield "\n-- Reports"
    every = [each for each in sorted(connection.introspection.django_table_names()) if each not in SECRET]
    yield f"GRANT SELECT ON {', '.join(every)} TO {role};"
    for table, columns in OPEN_COLUMNS.items():
        yield f"GRANT SELECT ({', '.join(columns)}) ON {table} TO {role};"


def tables() -> tuple[list[str], list[str]]:
    """The tables of what people judge, and those that machines may clear; without the record's own."""
    judged: set[str] = set()
    for model in apps.get_models():
        if issubclass(model, Recorded):
            judged |= {model._meta.db_table, *parts_of(model)}
    every = set(connection.introspection.django_table_names(include_views=False)) - {"django_migrations"}
    # Machines take back suggestions that nobody judged; the backstop keeps the others.
    judged -= {"cases_suggestion"}
    return sorted(judged), sorted(every - judged - {*WRITTEN_DOWN, *NOTARYS})


def parts_of(model: type[Recorded]) -> Iterator[str]:
    """The tables of the rows that a recorded row owns, and of what they are linked to."""
    owned: list[type[models.Model]] = [model._meta.get_field(name).related_model for name in model.recorded_parts]  # type: ignore[misc]
    for each in owned:
        yield each._meta.db_table
    for each in (model, *owned):
        for field in each._meta.many_to_many:
            yield field.remote_field.through._meta.db_table  # type: ignore[union-attr]
