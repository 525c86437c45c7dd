"""The backstop: what the database itself refuses, whatever program tries it. Operations for migrations.

A protected table cannot change in a transaction that holds no audit entry about the row's subject. The check is a
deferred constraint trigger, so a verb may write its entry last. Columns that machines own are left out by name.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import migrations

REQUIRE = """
CREATE FUNCTION audit_require_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  wanted text := TG_ARGV[0];
  changed jsonb;
  subject text;
BEGIN
  FOREACH changed IN ARRAY CASE TG_OP WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)] WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)]
                           ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END LOOP
    subject := changed ->> TG_ARGV[1];
    IF TG_NARGS > 2 THEN
      EXECUTE format('SELECT %I::text FROM %I WHERE id = $1', TG_ARGV[3], TG_ARGV[2]) INTO subject
        USING subject::bigint;
    END IF;
    IF NOT EXISTS (SELECT FROM audit_entry WHERE xact = pg_current_xact_id()
                     AND kind = 'act' AND subject_type = wanted AND subject_id = subject) THEN
      RAISE EXCEPTION 'audit: % on % without an entry about % % in the same transaction; nothing was changed',
        TG_OP, TG_TABLE_NAME, wanted, coalesce(subject, 'unknown')
        USING ERRCODE = 'RR001', TABLE = TG_TABLE_NAME,
              HINT = format('Call a verb of the %s, as pages and API do: docs/audit.md, "The backstop".', wanted);
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'RR002', TABLE = TG_TABLE_NAME, HINT = TG_ARGV[0];
END $$;
"""
NO_REQUIRE = "DROP FUNCTION audit_require_entry(); DROP FUNCTION audit_refuse();"
NO_TRUNCATE = "What is recorded cannot be emptied. Drop and create the database to begin anew."


def protect(
    table: str,
    subject: str,
    column: str,
    *,
    through: tuple[str, str] | None = None,
    ignoring: Sequence[str] = (),
    only: Sequence[str] = (),
    judged: str = "",
) -> migrations.RunSQL:
    """Every change of a row of `table` needs an entry about `subject` whose id is in `column`.

    `through` = (parent table, its column) looks the subject up in a parent row. `ignoring` names columns that machines
    own, `only` the few that they do not: an update of the others needs nothing. `judged` is the condition under which
    a row is a judgement at all (`ROW.entry_seq > 0`): the others machines may make and remove.
    """
    arguments = ", ".join(f"'{each}'" for each in (subject, column, *(through or ())))
    run = f"FOR EACH ROW {{when}} EXECUTE FUNCTION audit_require_entry({arguments})"
    new, old = (f"WHEN ({judged.replace('ROW.', f'{row}.')})" if judged else "" for row in ("NEW", "OLD"))
    conditions = {"insert": new, "delete": old, "update": f"WHEN ({differs(ignoring, only)})"}
    make = "".join(
        f"CREATE CONSTRAINT TRIGGER recorded_{act} AFTER {act.upper()} ON {table} DEFERRABLE INITIALLY DEFERRED "
        f"{run.format(when=condition)};"
        for act, condition in conditions.items()
    )
    drop = "".join(f"DROP TRIGGER recorded_{act} ON {table};" for act in conditions)
    return migrations.RunSQL(
        make + refusal("untouched", table, "TRUNCATE", NO_TRUNCATE), drop + f"DROP TRIGGER untouched ON {table};"
    )


def differs(ignoring: Sequence[str], only: Sequence[str]) -> str:
    """The SQL condition that an update changes something people own."""
    if only:
        old, new = (", ".join(f"{row}.{column}" for column in only) for row in ("OLD", "NEW"))
        return f"ROW({old}) IS DISTINCT FROM ROW({new})"
    columns = "{" + ",".join(ignoring) + "}"
    return f"(to_jsonb(OLD) - '{columns}'::text[]) IS DISTINCT FROM (to_jsonb(NEW) - '{columns}'::text[])"


def append_only(table: str, *operations: str, why: str) -> migrations.RunSQL:
    """These operations on `table` are refused, and `why` says what to do instead; so is TRUNCATE."""
    rows = f"CREATE TRIGGER kept BEFORE {' OR '.join(operations)} ON {table} FOR EACH ROW"
    forward = f"{rows} EXECUTE FUNCTION audit_refuse('{why}');"
    return migrations.RunSQL(
        forward + refusal("untouched", table, "TRUNCATE", NO_TRUNCATE),
        f"DROP TRIGGER kept ON {table}; DROP TRIGGER untouched ON {table};",
    )


def refusal(name: str, table: str, operation: str, why: str) -> str:
    """A trigger that refuses a whole statement."""
    return f"CREATE TRIGGER {name} BEFORE {operation} ON {table} EXECUTE FUNCTION audit_refuse('{why}');"
