"""When an environment is built anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from launch import environments

ROOT = Path(__file__).resolve().parents[2]


def test_the_same_pins_and_interpreter_find_the_same_environment() -> None:
    assert environments.key(b"django==5.2.19", "3.11.7") == environments.key(b"django==5.2.19", "3.11.7")


@pytest.mark.parametrize(("pins", "interpreter"), [(b"django==5.2.20", "3.11.7"), (b"django==5.2.19", "3.12.1")])
def test_a_new_pin_or_interpreter_means_a_new_environment(pins: bytes, interpreter: str) -> None:
    assert environments.key(pins, interpreter) != environments.key(b"django==5.2.19", "3.11.7")


def test_pins_and_interpreter_are_kept_apart() -> None:
    assert environments.key(b"a", "bc") != environments.key(b"ab", "c")


def test_an_interrupted_installation_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()

    assert not environments.is_complete(tmp_path)

    (tmp_path / environments.DONE).touch()
    assert environments.is_complete(tmp_path)


def test_an_environment_whose_interpreter_was_removed_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    (tmp_path / environments.DONE).touch()

    assert not environments.is_complete(tmp_path)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-embedded.txt"])
def test_every_pin_is_exact_and_has_a_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9]\S*==\S+.*\\$", text, re.MULTILINE)
    entries = re.findall(r"^[a-z0-9].*", text, re.MULTILINE)

    assert pins
    assert pins == entries
    assert len(re.findall(r"^    --hash=sha256:", text, re.MULTILINE)) >= len(pins)
    assert "://" not in text, "no address of an index belongs into the pins"


def test_the_tools_are_installed_beside_the_very_pins_of_the_product() -> None:
    product, dev = (
        set(re.findall(r"^([a-z0-9]\S*==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert product <= dev
