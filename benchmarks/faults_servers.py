"""Kill PostgreSQL and Valkey, leave stale files, choose awkward places: the next start finds the data again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import redis

from benchmarks import _report
from benchmarks._checkout import Checkout, living_in

SECONDS_TO_START_AGAIN = 10.0


def main() -> int:
    """Run every fault and report."""
    chosen = _report.arguments(__doc__)
    repeats = 10 if chosen.full else 2
    report = _report.Report("faults_servers", {"repeats": repeats})
    folder = Path(tempfile.mkdtemp(prefix="riskreview-servers-"))
    folder.chmod(0o755)
    home = Checkout(folder / "home").make()
    try:
        first_and_second(report, home)
        for fault in (postmaster_killed, valkey_killed, number_reused, empty_pid_file, torn_queue_file):
            again(report, home, fault, repeats)
        two_at_once(report, home)
        left_alone(report, Checkout(folder / "given").make())
        fast_cluster(report, Checkout(folder / "fast", purpose="test").make())
        awkward_places(report, folder)
        broken_wheel(report, Checkout(folder / "broken").make())
    finally:
        home.run("stop")
        shutil.rmtree(folder, ignore_errors=True)
    return report.end()


def first_and_second(report: _report.Report, home: Checkout) -> None:
    """A first start, and one that finds everything running."""
    for words in ("first start", "second start"):
        begun = time.monotonic()
        status, said = home.run()
        must(report, f"{words}", status == 0, said, value=time.monotonic() - begun)
    with database(home) as connection:
        connection.execute("CREATE TABLE kept (id serial PRIMARY KEY)")


def again(report: _report.Report, home: Checkout, fault: Callable[[Checkout], None], repeats: int) -> None:
    """Write a row and a key, let the fault happen, start again: the row is there, and it did not take long."""
    slowest, lost, failed = 0.0, 0, ""
    for _ in range(repeats):
        with database(home) as connection:
            connection.execute("INSERT INTO kept DEFAULT VALUES")
            before = count(connection)
        fault(home)
        begun = time.monotonic()
        status, said = home.run()
        slowest = max(slowest, time.monotonic() - begun)
        if status:
            failed = said
            break
        with database(home) as connection:
            lost += before - count(connection)
    words = fault.__name__.replace("_", " ")
    must(
        report, f"{words}, then start (slowest)", not failed and slowest < SECONDS_TO_START_AGAIN, failed, value=slowest
    )
    report.row(f"{words}: committed rows lost", lost, must="0", holds=lost == 0)


def postmaster_killed(home: Checkout) -> None:
    """With a busy backend that lives on and holds the shared memory."""
    busy = subprocess.Popen([sys.executable, "-c", BUSY, home.run_folder()], stderr=subprocess.DEVNULL)
    wait_for(lambda: len(living_in(home.data("postgres"))) > 6)
    home.kill("postgres")
    busy.kill()
    busy.wait()


# The statement outlasts the client: the backend notices that it is gone only when it has an answer.
BUSY = """
import psycopg, sys
psycopg.connect(host=sys.argv[1], user="riskreview", dbname="riskreview").execute("SELECT pg_sleep(30)")
"""


def valkey_killed(home: Checkout) -> None:
    """After the second that `appendfsync everysec` may lose."""
    queue(home).set("kept", "1")
    time.sleep(1.2)
    home.kill("valkey")


def number_reused(home: Checkout) -> None:
    """The pid file names a living program of the same account that is no PostgreSQL."""
    home.run("stop")
    data = home.data("postgres")
    owner = data.stat()
    account = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    other = subprocess.Popen(["/bin/sleep", "20"], start_new_session=True, **account)  # type: ignore[arg-type]
    write_as_owner(data / "postmaster.pid", f"{other.pid}\n{data}\n{int(time.time())}\n5432\n{home.run_folder()}\n\n")


def empty_pid_file(home: Checkout) -> None:
    """As after a full disk."""
    home.run("stop")
    write_as_owner(home.data("postgres") / "postmaster.pid", "")


def torn_queue_file(home: Checkout) -> None:
    """Bytes in the middle of Valkey's file that are none of its commands: it refuses to load them."""
    queue(home).set("kept", "1" * 1000)
    home.run("stop")
    file = next((home.data("valkey") / "appendonlydir").glob("*.incr.aof"))
    file.write_bytes(b"garbage\r\n" * 20 + file.read_bytes())


def two_at_once(report: _report.Report, home: Checkout) -> None:
    """Both succeed, and one server of each kind runs."""
    home.run("stop")
    both = [home.begin(), home.begin()]
    said = [process.communicate(timeout=60) for process in both]
    must(report, "two starts at once: both succeed", not any(process.returncode for process in both), str(said))
    postmasters = [
        pid for pid in living_in(home.data("postgres")) if parent(pid) not in living_in(home.data("postgres"))
    ]
    report.row("two starts at once: postmasters", len(postmasters), must="1", holds=len(postmasters) == 1)
    valkeys = len(living_in(home.data("valkey")))
    report.row("two starts at once: Valkeys", valkeys, must="1", holds=valkeys == 1)
    with database(home) as connection:
        found = connection.execute("SHOW listen_addresses").fetchone()
    report.row("addresses PostgreSQL listens on", found[0] if found else "?", must="none", holds=found == ("",))
    home.run("stop")
    left = len(living_in(home.data("postgres"))) + len(living_in(home.data("valkey")))
    report.row("processes left after stop", left, must="0", holds=left == 0)


def left_alone(report: _report.Report, given: Checkout) -> None:
    """With both URLs given, nothing is started and nothing is written."""
    urls = {"DATABASE_URL": "postgres://somewhere/else", "REDIS_URL": "redis://somewhere/0"}
    status, said = given.run("start", **urls)
    made = (given.folder / ".local" / "demo").exists()
    must(report, "both URLs given: nothing started or written", status == 0 and not made, said)


def fast_cluster(report: _report.Report, fast: Checkout) -> None:
    """A test cluster that was killed is made anew, as it may be torn."""
    fast.run()
    with database(fast) as connection:
        connection.execute("CREATE TABLE kept (id serial)")
    fast.kill("postgres")
    status, said = fast.run()
    must(report, "killed test cluster starts", status == 0, said)
    with database(fast) as connection:
        gone = connection.execute("SELECT to_regclass('kept') IS NULL").fetchone()
    report.row("killed test cluster was made anew", str(gone), must="(True,)", holds=gone == (True,))
    fast.run("stop")


def awkward_places(report: _report.Report, folder: Path) -> None:
    """Every place starts, answers and stops."""
    closed = folder / "closed"
    closed.mkdir()
    places = {
        "a path with a space and quotes": Checkout(folder / 'it\'s a "place"'),
        "200 characters deep": Checkout(folder / "/".join(["deep" * 10] * 5)),
        "umask 077": Checkout(folder / "umask", umask=0o077),
        "below a 0700 folder": Checkout(closed / "home"),
    }
    for words, checkout in places.items():
        checkout.make()
        if words.startswith("below"):
            closed.chmod(0o700)
        status, said = checkout.run()
        if status == 0:
            with database(checkout) as connection:
                connection.execute("SELECT 1")
            queue(checkout).ping()
        must(report, words, status == 0, said)
        checkout.run("reset")
        remove_server_folder(checkout)


def remove_server_folder(checkout: Checkout) -> None:
    """What a checkout that the servers' account cannot enter has put elsewhere."""
    note = checkout.folder / ".local" / "servers-lie-elsewhere.txt"
    if note.exists():
        shutil.rmtree(note.read_text().rpartition(" lie in ")[2].strip(), ignore_errors=True)


def broken_wheel(report: _report.Report, broken: Checkout) -> None:
    """A wheel that does not run here: the system's PostgreSQL, or a message that names what helps."""
    for program in (broken.folder / ".local").glob("wheels-*/postgresql/bin/postgres"):
        program.unlink()
        program.write_text("#!/bin/sh\necho 'error while loading shared libraries' >&2\nexit 127\n")
        program.chmod(0o755)
    # Without apt-get on the path nothing is installed by this check.
    status, said = broken.run("start", PATH="/nowhere")
    fell_back = status == 0 and broken.status()["postgres"]["origin"] == "system"
    helped = status == 1 and "apt-get install" in said and "DATABASE_URL" in said
    must(report, f"broken wheel: {'the system’s' if fell_back else 'a message'}", fell_back or helped, said)
    broken.run("stop")


def must(report: _report.Report, what: str, holds: bool, said: str, *, value: float | None = None) -> None:
    """Note whether it holds; show what the launcher said when it does not."""
    report.row(
        what, value if value is not None else ("yes" if holds else "no"), "s" if value is not None else "", holds=holds
    )
    if not holds:
        print("\n".join(f"       | {line}" for line in said.splitlines()[-25:]))


def database(checkout: Checkout) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as the product has it."""
    return psycopg.connect(host=checkout.run_folder(), user="riskreview", dbname="riskreview", autocommit=True)


def queue(checkout: Checkout) -> redis.Redis:
    """A connection to Valkey."""
    return redis.Redis(unix_socket_path=f"{checkout.run_folder()}/valkey.sock")


def count(connection: psycopg.Connection[tuple[object, ...]]) -> int:
    """The rows that were committed."""
    found = connection.execute("SELECT count(*)::int FROM kept").fetchone()
    return int(str(found[0])) if found else 0


def write_as_owner(file: Path, words: str) -> None:
    """A file as PostgreSQL itself would have left it."""
    owner = file.parent.stat()
    file.write_text(words)
    file.chmod(0o600)
    os.chown(file, owner.st_uid, owner.st_gid)


def parent(pid: int) -> int:
    """The parent's number."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def wait_for(holds: Callable[[], bool]) -> None:
    """Until it holds, five seconds at most."""
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
