"""Starts riskreview on a bare machine: environments, servers, processes. Standard library only.

This file must also be readable by an old Python 3, which gets a clear refusal instead of a syntax error.
"""

import os
import shutil
import sys

NEWER = ("python3.13", "python3.12", "python3.11")


def run(name: str) -> None:
    """Run the script `name` with a Python that is new enough, and leave with its exit status."""
    if sys.version_info < (3, 11):  # noqa: UP036
        _hand_over(name)
    from importlib import import_module

    from launch.say import guarded

    sys.exit(guarded(import_module("launch.commands." + name).main))


def _hand_over(name: str) -> None:
    found = [path for path in map(shutil.which, NEWER) if path]
    if not found:
        here = "{}.{}".format(*sys.version_info[:2])
        sys.exit(
            f"script/{name} needs Python 3.11 or newer; python3 here is {here}.\n"
            f"  Install one (for example: apt-get install python3.11), or run: /path/to/python3.11 script/{name}"
        )
    os.execv(found[0], [found[0], *sys.argv])
