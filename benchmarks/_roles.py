"""The database roles of production (`manage.py roles`): what none of them can do, and that the product works so."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import psycopg

from benchmarks import _story
from benchmarks._findings import Finding, auditor_holds, fault_of, message, plain
from benchmarks._product import ROOT
from benchmarks._scene import Scene
from benchmarks._stage import SUPERUSER, Copy, Said, run, url

PREFIX = "faults"
RECORD = {
    "audit_entry": "verb",
    "audit_body": "salt",
    "audit_trace": "salt",
    "audit_leaf": "hash",
    "audit_tile": "hashes",
    "audit_checkpoint": "note",
    "audit_log": "origin",
}
TOUCH = ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}")
OWNERS = (
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "ALTER TABLE cases_finding DISABLE TRIGGER recorded_update",
    "SET session_replication_role = replica",
    "DROP TRIGGER recorded_update ON cases_finding",
    "DROP TRIGGER kept ON audit_entry",
    "DROP FUNCTION audit_refuse() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_require_entry() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "CREATE RULE quiet AS ON UPDATE TO cases_finding DO INSTEAD NOTHING",
    "ALTER TABLE audit_entry OWNER TO CURRENT_USER",
    "DROP TABLE audit_checkpoint",
    "CREATE TABLE public.audit_entry_2 (id bigint)",
    f"SET ROLE {SUPERUSER}",
)
NOT_APPS = (
    *(f"DELETE FROM {table}" for table in ("cases_case", "cases_decision", "vendors_vendor", "accounts_user")),
    "DELETE FROM audit_pending",
    "DELETE FROM audit_removal",
    "DELETE FROM audit_cosignature",
    "INSERT INTO audit_leaf (log_id, index, hash) VALUES (1, 0, '')",
    "INSERT INTO audit_checkpoint (log_id, size, note) VALUES (1, 1, '')",
)
NOT_NOTARYS = (
    "UPDATE audit_entry SET verb = verb",
    "DELETE FROM audit_entry",
    "UPDATE audit_leaf SET hash = hash",
    "DELETE FROM audit_leaf",
    "DELETE FROM audit_checkpoint",
    "UPDATE audit_checkpoint SET note = note",
    "DELETE FROM audit_body",
    "UPDATE cases_case SET title = title",
    "UPDATE accounts_user SET roles = roles",
)
NOT_READERS = (
    "INSERT INTO audit_pending (entry_id) VALUES (1)",
    "UPDATE vendors_vendor SET summary = summary",
    "SELECT password FROM accounts_user",
    "SELECT sha256 FROM accounts_apitoken",
    "SELECT session_data FROM django_session",
)


@contextlib.contextmanager
def hardened(scene: Scene, of: str = "base") -> Iterator[Copy]:
    """A copy with the roles of production; they go with it."""
    with scene.stage.copy(of) as copy:
        said = copy.manage("roles", "--prefix", PREFIX)
        with psycopg.connect(url(copy.name, SUPERUSER)) as connection:
            connection.execute(said.words)
        try:
            yield copy
        finally:
            with psycopg.connect(url(copy.name, SUPERUSER), autocommit=True) as connection:
                roles = ", ".join(f"{PREFIX}_{each}" for each in ("keeper", "app", "notary", "reader"))
                connection.execute(f"DROP OWNED BY {roles}; DROP ROLE {roles}")


def roles(scene: Scene) -> Iterator[Finding]:
    """What each role cannot do, and that the product works under them."""
    with hardened(scene) as copy:
        touched = [each.format(table, column) for table, column in RECORD.items() for each in TOUCH]
        yield all_refused("rr_app on the record itself", copy, "app", (*touched, *NOT_APPS))
        for name in ("app", "notary", "keeper"):
            yield all_refused(f"rr_{name} on triggers and tables", copy, name, OWNERS)
        yield all_refused("rr_notary on what is recorded", copy, "notary", NOT_NOTARYS)
        yield all_refused("rr_reader on secrets and writing", copy, "reader", NOT_READERS)
        fault = fault_of(copy, ["DELETE FROM audit_body"], user=f"{PREFIX}_keeper")
        state = fault.sqlstate if fault else "done"
        yield plain("rr_keeper without an act that names it", f"database {state}", message(fault), state == "RR002")
        yield from product_under_roles(scene, copy)
    with hardened(scene, "unsigned") as copy:
        said = copy.as_role(f"{PREFIX}_notary").manage("notary", "--once")
        yield works("rr_notary begins a log, places, signs", said, "entries placed")


def all_refused(deed: str, copy: Copy, role: str, statements: tuple[str, ...]) -> Finding:
    """Each of these is refused for want of the right (SQLSTATE 42501)."""
    faults = {statement: fault_of(copy, [statement], user=f"{PREFIX}_{role}") for statement in statements}
    through = [each for each, fault in faults.items() if fault is None or fault.sqlstate != "42501"]
    example = message(faults[statements[0]])
    words = f"not refused: {'; '.join(through)}" if through else f"such as: {statements[0]}: {example}"
    return plain(deed, f"42501 {len(statements) - len(through)} of {len(statements)}", words, not through)


def product_under_roles(scene: Scene, copy: Copy) -> Iterator[Finding]:
    """Verbs, notary, witness, export, check and erasure, each under its own role."""
    app, notary, keeper = (copy.as_role(f"{PREFIX}_{each}") for each in ("app", "notary", "keeper"))
    said = run(sys.executable, "-m", "benchmarks._story", cwd=ROOT, **app.environment)
    yield works("rr_app carries a case to its decision", said, "is decided")
    yield works("rr_notary places and signs it", notary.manage("notary", "--once"), "entries placed")
    with app.inside():
        try:
            seen = Said(0, f"it has seen {scene.witness.carry():,} entries")
        except Exception as fault:  # noqa: BLE001 - whatever stops the workers is the row's words
            seen = Said(1, repr(fault))
    yield works("rr_app brings the witness's signature", seen, "it has seen")
    try:
        bundle = app.export(_story.AUDITOR, notary=notary)
        yield auditor_holds("rr_app exports, rr_notary signs", scene.stage, bundle, *scene.with_witness)
    except RuntimeError as fault:
        yield plain("rr_app exports, rr_notary signs", "no bundle", str(fault), False)
    yield works("rr_app checks the record", app.manage("verify_audit"), "The record holds.")
    basis = ("--by", _story.KEEPER, "--basis", "GDPR Article 17(1)(a)", "--yes")
    yield works("rr_keeper erases", keeper.manage("erase", _story.FORGOTTEN, *basis), "are erased")
    yield works("rr_keeper prunes", keeper.manage("prune"), "dropped")
    said = app.manage("erase", "rod@faults.example", *basis)
    refused = said.status != 0 and "permission denied" in said.words
    yield plain("rr_app does not erase", f"exit {said.status}", said.line("permission denied"), refused)


def works(deed: str, said: Said, sentence: str) -> Finding:
    """A process of the product ended well."""
    holds = said.status == 0 and sentence in said.words
    return plain(deed, f"exit {said.status}", said.line(sentence) if holds else said.words[-500:], holds)
