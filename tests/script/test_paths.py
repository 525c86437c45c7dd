"""Where the launcher puts things."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from launch import paths
from launch.say import Failure


def test_a_socket_fits_however_deep_the_checkout_lies(tmp_path: Path) -> None:
    deep = Path("/", *["very-deep-folder"] * 40, ".local", "demo")

    folder = paths.run_folder_path(deep, uid=4_294_967_294)

    assert len(str(folder / ".s.PGSQL.5432.lock")) <= 103
    assert len(str(folder / "valkey.sock")) <= 103


def test_two_checkouts_and_two_purposes_have_different_run_folders() -> None:
    folders = {paths.run_folder_path(Path(place), 1000) for place in ("/a/demo", "/b/demo", "/a/test")}

    assert len(folders) == 3


def test_a_checkout_reached_through_a_link_has_one_run_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert paths.run_folder_path(tmp_path / "real", 0) == paths.run_folder_path(tmp_path / "link", 0)


def test_it_refuses_a_temporary_folder_that_is_too_long_for_a_socket() -> None:
    with pytest.raises(Failure, match="too long"):
        paths.run_folder_path(Path("/x"), 0, temporary=Path("/", "t" * 90))


def test_a_private_folder_is_private_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = paths.own_folder(tmp_path / "run", os.geteuid(), os.getegid())
    finally:
        os.umask(before)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_it_refuses_a_run_folder_that_others_can_enter(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)

    with pytest.raises(Failure, match="private"):
        paths.own_folder(tmp_path / "run", os.geteuid(), os.getegid())


def test_it_refuses_a_run_folder_that_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "run").symlink_to("elsewhere")

    with pytest.raises(Failure, match="private"):
        paths.own_folder(tmp_path / "run", os.geteuid(), os.getegid())


def test_it_refuses_a_run_folder_of_another_account(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o700)

    with pytest.raises(Failure, match="private"):
        paths.own_folder(tmp_path / "run", os.geteuid() + 1, os.getegid())


def test_folders_can_be_entered_after_a_strict_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        folder = paths.make_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)

    assert [each.stat().st_mode & 0o777 for each in (folder.parent, folder)] == [0o755, 0o755]


def test_each_run_gets_a_slot_of_its_own_and_gives_it_back(tmp_path: Path) -> None:
    with paths.first_free(tmp_path, 2) as first:
        with paths.first_free(tmp_path, 2) as second:
            assert (first, second) == (0, 1)
            assert paths.taken_slots(tmp_path) == 2
        with paths.first_free(tmp_path, 2) as third:
            assert third == 1
    assert paths.taken_slots(tmp_path) == 0


def test_it_says_so_when_every_slot_is_taken(tmp_path: Path) -> None:
    with paths.first_free(tmp_path, 1), pytest.raises(Failure, match="under way"), paths.first_free(tmp_path, 1):
        pass
