"""script/manage COMMAND …: a management command on the demo's data, such as `script/manage collect article.txt`.

Uses the servers that DATABASE_URL and REDIS_URL name, else the demo's, which are started for the command if need be.
"""

from __future__ import annotations

import subprocess
import sys

from launch import crew, environments, product, say, servers
from launch.paths import ROOT


def main() -> int:
    """Run it in the demo's environment and hand on its exit status."""
    if sys.argv[1:] in ([], ["--help"], ["-h"]):
        print(__doc__)
        return 0 if sys.argv[1:] else 2
    say.quietly()
    with environments.building("run") as python:
        urls = servers.start("demo", python)
    newsroom_port = servers.read_status("demo").get("newsroom_port")
    env = product.environment("demo", urls, newsroom_port)
    try:
        return subprocess.call([str(python), str(ROOT / "manage.py"), *sys.argv[1:]], env=env)
    finally:
        if not crew.is_running("demo"):
            servers.stop("demo")
