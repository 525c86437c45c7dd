"""script/demo: the whole product on this machine, with the story of January 2025 told in it."""

from __future__ import annotations

import argparse
import signal
import time

from launch import crew, processes, servers, site
from launch.say import BEGUN, Failure, aside, line, timed
from launch.site import Site

EPILOG = """
The first start installs what it needs below .local/ and tells the story; a later one finds both. Ctrl-C stops
everything; the data stay. DATABASE_URL and REDIS_URL, when set, name servers to use instead of our own.
"""
# Its own servers and data, made anew each time, so that a smoke test proves the same on any machine
# and leaves a running demo alone.
SMOKE = "smoke"
WATCH_SECONDS = 0.5
# What the story's first user signs in with; a test compares it with the story.
ALICE = ("alice@riskreview.example", "look-before-you-sign")


def main() -> int:
    """Start, stop, reset or smoke-test the demo."""
    chosen = _arguments()
    if chosen.stop or chosen.reset:
        stop_everything("demo")
        if chosen.reset:
            servers.reset("demo")
        return 0
    if chosen.smoke:
        return smoke(chosen.port)
    with site.supervised("demo") as ours:
        if not ours:
            return _already()
        return demo(chosen.port, detach=chosen.detach)


def demo(port: int | None, *, detach: bool) -> int:
    """Bring the demo up, tell the story unless it was told, and stay until interrupted (or not, with `detach`)."""
    try:
        running = site.start("demo", port, newsroom=True)
        tell_story(running)
        _say_address(running.url)
        if detach:
            line("It runs in the background; script/demo --stop ends it.")
            return 0
        line("Ctrl-C stops everything; the data stay.")
        _watch(running)
    except BaseException as fault:
        if not isinstance(fault, KeyboardInterrupt):
            aside("something failed, so everything is stopped")
        _quietly_stop("demo")
        if isinstance(fault, KeyboardInterrupt):
            return 0
        raise
    return 0


def smoke(port: int | None) -> int:
    """The whole demo without a person, on data of its own: exit status 0 only if every step holds."""
    with site.supervised(SMOKE) as ours:
        if not ours:
            raise Failure("Another script/demo --smoke is under way in this checkout.\n  Wait for it to end.")
        crew.stop(SMOKE)
        if servers.read_status(SMOKE):
            servers.reset(SMOKE)
        try:
            running = site.start(SMOKE, port, newsroom=True)
            tell_story(running)
            status = running.crew.run("manage.py", "demo_smoke", "--web", running.url)
        finally:
            _quietly_stop(SMOKE)
    line(f"{timed(BEGUN)}in all: {'every step holds' if status == 0 else 'a step failed'}")
    return min(status, 1)


def tell_story(running: Site) -> None:
    """Let `manage.py demo` tell the story; it does nothing when it was told. Raises Failure when it fails.

    It makes the accounts first, and then names the first page: a person who opens it can sign in.
    """
    if running.crew.run("manage.py", "demo", "--newsroom", str(running.newsroom), "--web", running.url):
        raise Failure(f"manage.py demo failed; the logs are in {running.crew.log('work').parent}")


def stop_everything(purpose: str) -> None:
    """Ask the supervisor to stop, if there is one, and stop what is left."""
    found = site.supervisor(purpose)
    if found is not None:
        found.send(signal.SIGTERM)
        processes.wait_until(lambda: not found.is_alive(), 90)
    site.stop(purpose)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__, epilog=EPILOG)
    verbs = parser.add_mutually_exclusive_group()
    verbs.add_argument("--smoke", action="store_true", help="do the whole demo without a person, on data of its own")
    verbs.add_argument("--stop", action="store_true", help="stop a running demo; the data stay")
    verbs.add_argument("--reset", action="store_true", help="stop the demo and remove its data")
    verbs.add_argument("--detach", action="store_true", help="leave it running in the background")
    parser.add_argument("--port", type=int, help="port of the pages (8000, or the next free one)")
    return parser.parse_args()


def _already() -> int:
    url = servers.read_status("demo").get("url")
    line(f"The demo is already running at {url}" if url and crew.is_running("demo") else "The demo is being started.")
    line("script/demo --stop ends it.")
    return 0


def _say_address(url: str) -> None:
    address, password = ALICE
    line(f"{timed(BEGUN)}since the start: ready\n\n  {url}\n  Log in as {address} with the password {password}\n")


def _watch(running: Site) -> None:
    while True:
        running.crew.check()
        time.sleep(WATCH_SECONDS)


def _quietly_stop(purpose: str) -> None:
    """Stop to the end even if the person presses Ctrl-C again."""
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        site.stop(purpose)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
