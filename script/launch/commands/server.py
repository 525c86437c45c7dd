"""script/server: web, workers and beat in the foreground, for development or for a machine with servers of its own.

Uses the servers that DATABASE_URL and REDIS_URL name, else the demo's. Settings already in the environment win.
"""

from __future__ import annotations

import argparse
import time

from launch import site
from launch.say import Failure, line


def main() -> int:
    """Run everything until interrupted, writing to this terminal."""
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--port", type=int, help="port of the pages (8000, or the next free one)")
    chosen = parser.parse_args()
    with site.supervised("demo") as ours:
        if not ours:
            raise Failure("The demo is running, with the same data.\n  Stop it first: script/demo --stop")
        return serve(chosen.port)


def serve(port: int | None) -> int:
    """Start, watch, and stop at Ctrl-C."""
    try:
        running = site.start("demo", port, newsroom=False, to_terminal=True)
        line(f"\n  {running.url}\n  Ctrl-C stops everything; the data stay.\n")
        while True:
            running.crew.check()
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    finally:
        site.stop("demo")
