"""What the launcher does with a data folder, decided without a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from launch.account import Account
from launch.postgres import Postgres
from launch.programs import Program
from launch.say import Failure


@pytest.fixture
def cluster(tmp_path: Path) -> Postgres:
    """A cluster's folders, with nothing that runs."""
    (tmp_path / "pg-18").mkdir()
    (tmp_path / "run").mkdir()
    owner = Account("me", os.geteuid(), os.getegid())
    program = Program(Path("/nowhere/bin/postgres"), (18, 6), "test")
    return Postgres(program, owner, tmp_path / "pg-18", tmp_path / "run", tmp_path / "log", durable=True)


def test_locks_that_nobody_holds_are_cleared(cluster: Postgres) -> None:
    stale = [cluster.data / "postmaster.pid", cluster.run / ".s.PGSQL.5432.lock"]
    for file in stale:
        file.write_text(f"{os.getpid()}\n")

    cluster._clear_stale_locks()

    assert not any(file.exists() for file in stale)


@pytest.mark.parametrize("words", ["", "not a number\n", "1\n/elsewhere\n"])
def test_a_pid_file_without_a_server_behind_it_names_no_server(cluster: Postgres, words: str) -> None:
    (cluster.data / "postmaster.pid").write_text(words)

    assert cluster.postmaster() is None


def test_data_of_another_account_are_refused_by_name(cluster: Postgres) -> None:
    stranger = Account("stranger", os.geteuid() + 1, os.getegid())
    theirs = Postgres(cluster.program, stranger, cluster.data, cluster.run, cluster.log, durable=True)

    with pytest.raises(Failure, match="--reset"):
        theirs._refuse_strangers_data()


def test_it_listens_on_its_socket_only(cluster: Postgres) -> None:
    cluster._configure()

    written = (cluster.data / "riskreview.conf").read_text()
    assert "listen_addresses = ''" in written
    assert f"unix_socket_directories = '{cluster.run}'" in written
    assert "fsync = on" in written


def test_a_fast_cluster_that_was_not_stopped_cleanly_is_dropped(cluster: Postgres) -> None:
    fast = Postgres(cluster.program, cluster.account, cluster.data, cluster.run, cluster.log, durable=False)
    fast._clean_mark.touch()
    fast._drop_if_unsafe()
    assert fast.data.exists()

    fast._clean_mark.unlink()
    fast._drop_if_unsafe()
    assert not fast.data.exists()


def test_a_durable_cluster_is_never_dropped(cluster: Postgres) -> None:
    cluster._drop_if_unsafe()

    assert cluster.data.exists()
