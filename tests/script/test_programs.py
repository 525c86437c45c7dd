"""Which server programs the launcher takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from launch import packages, programs
from launch.account import Account
from launch.say import Failure

NOBODY_ELSE = Account("me", os.geteuid(), os.getegid())


def program(folder: Path, words: str, status: int = 0) -> Path:
    """A program that says its version, or fails."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "postgres"
    path.write_text(f"#!/bin/sh\necho '{words}'\nexit {status}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no server of its own and no right to install one."""
    monkeypatch.setattr(programs, "_system_postgres", list)
    monkeypatch.setattr(packages, "can_install", lambda: False)
    monkeypatch.delenv("RISKREVIEW_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(Account, "options", lambda self: {})


@pytest.mark.parametrize(
    ("words", "version"),
    [
        ("postgres (PostgreSQL) 18.6", (18, 6)),
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", (15, 18)),
        ("Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64", (9, 1, 2)),
        ("Redis server v=7.0.15 sha=00000000:0", (7, 0, 15)),
        ("no version here", None),
    ],
)
def test_it_reads_the_version_a_server_prints(words: str, version: tuple[int, ...] | None) -> None:
    assert programs.version_in(words) == version


@pytest.mark.usefixtures("bare")
def test_it_takes_the_wheel_first(tmp_path: Path) -> None:
    wheel = program(tmp_path / "wheel", "postgres (PostgreSQL) 18.6")

    assert programs.find_postgres(wheel, NOBODY_ELSE) == programs.Program(wheel, (18, 6), "wheel")


@pytest.mark.usefixtures("bare")
def test_an_override_comes_before_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "old", "postgres (PostgreSQL) 15.19")
    wheel = program(tmp_path / "wheel", "postgres (PostgreSQL) 18.6")
    monkeypatch.setenv("RISKREVIEW_POSTGRES_BIN", str(tmp_path / "old"))

    assert programs.find_postgres(wheel, NOBODY_ELSE).version == (15, 19)


@pytest.mark.usefixtures("bare")
def test_a_wheel_that_does_not_run_gives_way_to_the_systems_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = program(tmp_path / "wheel", "libssl.so.3: cannot open shared object file", status=127)
    system = program(tmp_path / "system", "postgres (PostgreSQL) 16.4")
    monkeypatch.setattr(programs, "_system_postgres", lambda: [(system, "system")])

    assert programs.find_postgres(broken, NOBODY_ELSE).origin == "system"


@pytest.mark.usefixtures("bare")
def test_without_any_server_it_lists_what_it_tried_and_what_helps(tmp_path: Path) -> None:
    broken = program(tmp_path / "wheel", "libssl.so.3: cannot open shared object file", status=127)

    with pytest.raises(Failure) as caught:
        programs.find_postgres(broken, NOBODY_ELSE)

    words = str(caught.value)
    assert "libssl.so.3" in words
    assert "sudo apt-get install postgresql" in words
    assert "DATABASE_URL" in words


@pytest.mark.usefixtures("bare")
def test_it_refuses_a_server_that_is_too_old(tmp_path: Path) -> None:
    old = program(tmp_path / "wheel", "postgres (PostgreSQL) 14.12")

    with pytest.raises(Failure, match="too old, 15"):
        programs.find_postgres(old, NOBODY_ELSE)


@pytest.mark.usefixtures("bare")
def test_who_may_install_gets_the_server_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    system = tmp_path / "system" / "postgres"

    def install(names: list[str], purpose: str) -> None:
        installed.extend(names)
        program(system.parent, "postgres (PostgreSQL) 15.9")

    monkeypatch.setattr(packages, "can_install", lambda: True)
    monkeypatch.setattr(packages, "install", install)
    monkeypatch.setattr(programs, "_leave_ports_closed", lambda: None)
    monkeypatch.setattr(programs, "_system_postgres", lambda: [(system, "system")])

    assert programs.find_postgres(None, NOBODY_ELSE).version == (15, 9)
    assert installed == ["postgresql"]


def test_who_may_not_install_gets_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "can_install", lambda: False)

    with pytest.raises(Failure, match="sudo apt-get install chromium fonts"):
        packages.install(["chromium", "fonts"], "Chromium")
