"""A Chromium for the browser tests and screenshots: named, on the path, or installed by root aloud."""

from __future__ import annotations

import os
import shutil

from launch import packages, processes
from launch.say import Failure, aside

NAMES = ("chromium", "chromium-browser", "google-chrome")
DEBIAN = ["chromium", "fonts-liberation"]
# Holds the Chinese names of the demo's vendors, which would be boxes on screenshots without it.
FONT = "fonts-wqy-microhei"


def find() -> str | None:
    """The path of a Chromium, installed first if we may; None, with a word on what helps, when there is none."""
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise Failure(f"CHROMIUM names {named}, which is not a program.")
        return named
    if _on_path() is None and packages.can_install():
        packages.install([*DEBIAN, FONT], "Chromium, for the browser tests,")
    elif packages.can_install() and not _has_chinese_font():
        packages.install([FONT], "A font with Chinese characters")
    found = _on_path()
    if found is None:
        helps = f"sudo apt-get install {' '.join(DEBIAN)} {FONT}"
        aside(f"note: no Chromium, so browser tests cannot run. This helps: {helps}, or CHROMIUM=/path/to/chromium")
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _has_chinese_font() -> bool:
    return shutil.which("fc-list") is None or bool(processes.call(["fc-list", ":lang=zh"]).stdout.strip())
