"""`python3 script/launch start|stop|status|reset PURPOSE`: the servers alone, for people and other programs."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from launch import environments, servers
from launch.paths import PURPOSES
from launch.say import guarded


def main() -> int:
    """Do one verb. `start` prints the two URLs as lines for a shell."""
    parser = argparse.ArgumentParser(prog="script/launch", description=__doc__)
    parser.add_argument("verb", choices=("start", "stop", "status", "reset"))
    parser.add_argument("purpose", choices=PURPOSES)
    chosen = parser.parse_args()
    if chosen.verb == "start":
        for name, value in servers.start(chosen.purpose, environments.ensure("dev")).items():
            print(f"export {name}={shlex.quote(value)}")
    elif chosen.verb == "status":
        print(json.dumps(servers.read_status(chosen.purpose), indent=2))
    else:
        {"stop": servers.stop, "reset": servers.reset}[chosen.verb](chosen.purpose)
    return 0


if __name__ == "__main__":
    sys.exit(guarded(main))
