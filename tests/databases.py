"""The test database as it was after the migrations, to be put back after tests that really commit.

Django empties every table after such a test; but what is recorded cannot be emptied, and a suite that switched that off
would not test the product. So the whole database is thrown away and copied from a template.
"""

from __future__ import annotations

from django.db import connection, connections


def keep_template() -> None:
    """Copy the migrated database aside."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {template()}")
        cursor.execute(f"CREATE DATABASE {template()} TEMPLATE {name()}")


def put_back() -> None:
    """Replace the database, whoever of ours is still connected to it, by a fresh copy.

    Not `WITH (FORCE)`: that fails while an autovacuum worker is in there, which a plain DROP asks to leave.
    """
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        ours = "datname = %s AND usename = current_user AND pid <> pg_backend_pid()"
        cursor.execute(
            f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {ours}",
            [connection.settings_dict["NAME"]],
        )
        cursor.execute(f"DROP DATABASE {name()}")
        cursor.execute(f"CREATE DATABASE {name()} TEMPLATE {template()}")


def drop_template() -> None:
    """Leave nothing behind."""
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {template()}")


def name() -> str:
    """The test database, quoted."""
    return connection.ops.quote_name(connection.settings_dict["NAME"])


def template() -> str:
    """Its template, quoted."""
    return connection.ops.quote_name(f"{connection.settings_dict['NAME']}_template")
