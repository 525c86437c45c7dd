"""Doors past the verbs: every protected table by plain SQL, and the bulk doors of the ORM."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from psycopg import sql

from benchmarks._findings import Finding, audit_holds, message, plain
from benchmarks._scene import Scene
from benchmarks._stage import SUPERUSER, url

Connection = psycopg.Connection[Any]
PROTECTED = """
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE t.tgname LIKE 'recorded\\_%' ORDER BY 1
"""
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY data_type DESC, column_name
"""
# What makes another value of a column; a check or a key may refuse one, then the next column is tried.
OTHER = {
    "text": "{column} || 'x'",
    "character varying": "{column} || 'x'",
    "boolean": "NOT {column}",
    "bigint": "{column} + 1000003",
    "integer": "{column} + 1",
    "date": "{column} + 1",
}


def plain_sql(scene: Scene) -> Iterator[Finding]:
    """Plain SQL on every protected table, without an entry: the transaction fails, and the message says what to do."""
    with scene.stage.copy() as copy, psycopg.connect(url(copy.name, SUPERUSER), autocommit=True) as connection:
        tables = [name for (name,) in connection.execute(PROTECTED)]
        for act, attempt in (("UPDATE", update), ("INSERT", insert), ("DELETE", delete)):
            faults = {table: attempt(connection, table) for table in tables}
            yield every_table(f"plain {act}", "RR001", faults)
        kept = [*tables, *(f"audit_{name}" for name in ("entry", "body", "trace", "pending", "leaf", "checkpoint"))]
        faults = {table: attempted(connection, [f"TRUNCATE {table} CASCADE"]) for table in kept}
        yield every_table("TRUNCATE", "RR002", faults)


def every_table(deed: str, state: str, faults: dict[str, psycopg.Error | None]) -> Finding:
    """Every table refuses, names itself, and hints at the way to do it."""
    open_doors = [table for table, fault in faults.items() if not refuses(table, state, fault)]
    words = f"not {', '.join(open_doors)}" if open_doors else f"such as: {message(faults['cases_finding'])}"
    outcome = f"{state} {len(faults) - len(open_doors)} of {len(faults)}"
    return plain(f"{deed}, every protected table", outcome, words, bool(faults) and not open_doors)


# Who wrote a recommendation is never changed, with an entry or without: four eyes come before the backstop.
STRICTER = {("cases_authorship", "authorship_stays")}


def refuses(table: str, state: str, fault: psycopg.Error | None) -> bool:
    """Whether this is the refusal, with the table's name and a hint."""
    if fault is not None and (table, fault.diag.constraint_name) in STRICTER:
        return True
    if fault is None or fault.sqlstate != state:
        return False
    return fault.diag.table_name == table and table in str(fault) and bool(fault.diag.message_hint)


def attempted(connection: Connection, statements: list[Any]) -> psycopg.Error | None:
    """The fault of these statements in one transaction, which is undone."""
    try:
        with connection.transaction(force_rollback=True):
            for statement in statements:
                connection.execute(statement)
    except psycopg.Error as fault:
        return fault
    return None


def columns(connection: Connection, table: str) -> dict[str, str]:
    """The columns of a table with their types."""
    return dict(connection.execute(COLUMNS, [table]).fetchall())


def one_row(connection: Connection, table: str) -> sql.Composed:
    """The condition that picks one row on which somebody has acted."""
    judged = "entry_seq > 0" if "entry_seq" in columns(connection, table) else "TRUE"
    return sql.SQL("ctid = (SELECT ctid FROM {} WHERE {} LIMIT 1)").format(sql.Identifier(table), sql.SQL(judged))


def update(connection: Connection, table: str) -> psycopg.Error | None:
    """Change one column after the other of a row, until one is a column of people's."""
    fault = None
    for column, kind in columns(connection, table).items():
        if kind not in OTHER:
            continue
        name = sql.Identifier(column)
        changed = sql.SQL(OTHER[kind]).format(column=name)
        condition = one_row(connection, table)
        statement = sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(sql.Identifier(table), name, changed, condition)
        fault = attempted(connection, [statement, "SET CONSTRAINTS recorded_update IMMEDIATE"])
        if refuses(table, "RR001", fault):
            return fault
    return fault


def insert(connection: Connection, table: str) -> psycopg.Error | None:
    """A row comes out of nothing: one that fits all keys, because it was there before and was taken out quietly."""
    name = sql.Identifier(table)
    every = sql.SQL(", ").join(map(sql.Identifier, columns(connection, table)))
    condition = one_row(connection, table)
    return attempted(
        connection,
        [
            sql.SQL("CREATE TEMP TABLE aside ON COMMIT DROP AS SELECT {} FROM {} WHERE {}").format(
                every, name, condition
            ),
            "SET LOCAL session_replication_role = replica",
            sql.SQL("DELETE FROM {} WHERE {}").format(name, condition),
            "SET LOCAL session_replication_role = origin",
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM aside").format(name, every, every),
            "SET CONSTRAINTS recorded_insert IMMEDIATE",
        ],
    )


def delete(connection: Connection, table: str) -> psycopg.Error | None:
    """A row goes."""
    gone = sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), one_row(connection, table))
    return attempted(connection, [gone, "SET CONSTRAINTS recorded_delete IMMEDIATE"])


def bulk_doors(scene: Scene) -> Iterator[Finding]:
    """The ORM's doors that call no verb, each committed on its own."""
    from riskreview.audit.models import Body, Entry
    from riskreview.cases.models import Finding as Judgement
    from riskreview.vendors.models import Alias, Vendor

    doors: dict[str, tuple[str, str, Callable[[], object]]] = {
        "QuerySet.update": ("RR001", "vendors_vendor", lambda: Vendor.objects.update(summary="Harmless.")),
        "bulk_create": ("RR001", "vendors_alias", lambda: Alias.objects.bulk_create(ghosts())),
        "bulk_update": ("RR001", "cases_finding", lambda: reworded(Judgement.objects.all())),
        "raw delete": ("RR001", "vendors_alias", lambda: Alias.objects.order_by()._raw_delete("default")),
        "save() of a changed row": ("RR001", "vendors_vendor", renamed),
        "update of entries": ("RR002", "audit_entry", lambda: Entry.objects.update(verb="case.praise")),
        "update of bodies": ("RR002", "audit_body", lambda: Body.objects.update(salt=bytes(32))),
        "delete of bodies": ("RR002", "audit_body", lambda: Body.objects.all()._raw_delete("default")),
    }
    with scene.stage.copy() as copy, copy.inside():
        for deed, (state, table, act) in doors.items():
            cause = cause_of(act)
            outcome = f"database {getattr(cause, 'sqlstate', 'done')}"
            yield plain(deed, outcome, message(cause), refuses(table, state, cause))
        yield audit_holds("and nothing was changed", copy, "The record holds.")


def cause_of(act: Callable[[], object]) -> psycopg.Error | None:
    """What the database says to an act of the ORM."""
    from django.db import DatabaseError

    try:
        act()
    except DatabaseError as fault:
        return fault.__cause__ if isinstance(fault.__cause__, psycopg.Error) else None
    return None


def ghosts() -> list[Any]:
    """Names that nobody added."""
    from riskreview.vendors.models import Alias, Vendor

    return [Alias(vendor=vendor, text="Ghost", kind=Alias.Kind.TRADE) for vendor in Vendor.objects.all()]


def renamed() -> None:
    """A row changed in a shell and saved."""
    from riskreview.vendors.models import Vendor

    vendor = Vendor.objects.order_by("pk")[0]
    vendor.summary = "Harmless."
    vendor.save()


def reworded(findings: Any) -> None:
    """The words of judgements, exchanged at once."""
    rows = list(findings)
    for row in rows:
        row.judgment = "Nothing to see."
    findings.bulk_update(rows, ["judgment"])
