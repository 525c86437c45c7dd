"""Copies of the launcher in awkward places, and its servers as seen from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# What the scripts do, without building an environment: this interpreter has pip.
DRIVER = """
import json, sys
from pathlib import Path
sys.path.insert(0, "script")
from launch import servers
from launch.say import guarded
verb, purpose = sys.argv[1:]
def main():
    if verb == "start":
        print(json.dumps(servers.start(purpose, Path(sys.executable))))
    else:
        getattr(servers, verb)(purpose)
    return 0
sys.exit(guarded(main))
"""


@dataclass
class Checkout:
    """One copy with its own `.local/`, and the purpose whose servers it runs."""

    folder: Path
    purpose: str = "demo"
    umask: int = 0o022

    def make(self) -> Checkout:
        """Copy the launcher and the requirements; link the wheels, which take a minute to fetch."""
        self.folder.mkdir(parents=True)
        shutil.copytree(ROOT / "script", self.folder / "script")
        for file in ROOT.glob("requirements*"):
            shutil.copy(file, self.folder)
        for wheels in (ROOT / ".local").glob("wheels-*[0-9a-f]"):
            shutil.copytree(wheels, self.folder / ".local" / wheels.name, copy_function=os.link, symlinks=True)
        return self

    def command(self, verb: str) -> list[str]:
        return [sys.executable, "-c", DRIVER, verb, self.purpose]

    def begin(self, verb: str = "start", **variables: str) -> subprocess.Popen[str]:
        """Begin a verb of the launcher; without our own URLs, and with these variables."""
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return subprocess.Popen(
            self.command(verb), cwd=self.folder, env=env | variables, text=True, umask=self.umask,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, verb: str = "start", **variables: str) -> tuple[int, str]:
        """Run a verb of the launcher to its end: exit status, and what it said."""
        process = self.begin(verb, **variables)
        said, complaint = process.communicate(timeout=120)
        return process.returncode, said + complaint

    def status(self) -> dict[str, Any]:
        """What the launcher recorded."""
        found: dict[str, Any] = json.loads((self.folder / ".local" / self.purpose / "status.json").read_text())
        return found

    def data(self, server: str) -> Path:
        return Path(self.status()[server]["data"])

    def run_folder(self) -> str:
        return str(self.status()["postgres"]["url"]).partition("host=")[2]

    def kill(self, server: str) -> None:
        """SIGKILL for the server's first process: the plug pulled."""
        os.kill(self.status()[server]["pid"], signal.SIGKILL)


def living_in(folder: Path) -> list[int]:
    """The processes whose working folder this is."""
    place = os.path.realpath(folder)
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if _working_folder(each) == place]


def _working_folder(process: Path) -> str:
    try:
        return str((process / "cwd").readlink())
    except OSError:
        return ""
