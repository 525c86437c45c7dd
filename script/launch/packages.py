"""Debian packages, installed only as root and only aloud; anyone else gets the command."""

from __future__ import annotations

import os
import shutil
import subprocess

from launch import processes
from launch.say import Failure, step


def can_install() -> bool:
    """Whether this user may install Debian packages here."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(names: list[str], purpose: str) -> None:
    """Install Debian packages, saying so. Raises Failure with the exact command for who may not."""
    wanted = " ".join(names)
    if not can_install():
        raise Failure(f"{purpose} is missing.\n  This helps: sudo apt-get install {wanted}")
    with step(f"{purpose} is missing: apt-get install {wanted}", slow=True):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *names)


def _apt(*arguments: str) -> None:
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments]
    # Recommended by Debian for unattended runs: no question may wait for an answer that never comes.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = processes.call(command, stdin=subprocess.DEVNULL, env=environment)
    if done.returncode:
        raise Failure(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
