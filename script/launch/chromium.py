"""A Chromium for the browser tests and screenshots: named, on the path, or installed by root aloud."""

from __future__ import annotations

import os
import shutil

from launch import packages
from launch.say import Failure, aside

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The fonts hold the Chinese names of the demo's vendors, which would be boxes without them.
DEBIAN = ["chromium", "fonts-wqy-microhei", "fonts-liberation"]


def find() -> str | None:
    """The path of a Chromium, installed first if we may; None, with a word on what helps, when there is none."""
    if named := os.environ.get("CHROMIUM"):
        if shutil.which(named) is None:
            raise Failure(f"CHROMIUM names {named}, which is not a program.")
        return named
    found = _on_path()
    if found is None and packages.can_install():
        packages.install(DEBIAN, "Chromium, for the browser tests,")
        found = _on_path()
    if found is None:
        aside("note: no Chromium, so browser tests cannot run. This helps: "
              f"sudo apt-get install {' '.join(DEBIAN)}, or CHROMIUM=/path/to/chromium")  # fmt: skip
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
