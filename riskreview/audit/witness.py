"""A witness: it signs a log's checkpoint only if the log has grown from the one it signed before (C2SP tlog-witness).

Copy it with `verifier.py` and `note.py` to a host of another administrator; it needs Python 3.11 and `cryptography`:

    python3 witness.py --new-key witness.example/w1 witness.key
    python3 witness.py --state state --key witness.key --log VKEY --listen 127.0.0.1:7380
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import logging
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, Self

if __package__:
    from .note import Cosigner, encode
    from .verifier import Checkpoint, Key, Malformed, ProofFailed, check_consistency, hash_from_base64
else:
    from note import Cosigner, encode  # type: ignore[import-not-found,no-redef]
    from verifier import Checkpoint, Key, Malformed, ProofFailed, check_consistency, hash_from_base64  # type: ignore[import-not-found,no-redef]

LOG = logging.getLogger("witness")
LARGEST_BODY = 64 * 1024
LONGEST_PROOF = 63
PATIENCE = 10.0
OLD = re.compile(rb"old (0|[1-9][0-9]{0,19})\Z")
TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"

Answer = tuple[int, bytes, str]


class Unusable(Exception):
    """Why the witness does not start, and what to do about it, in a sentence."""


class Refusal(Exception):
    """An answer other than 200: a status of HTTP, and its reason in a line of text."""

    def __init__(self, status: int, text: str, content_type: str = TEXT) -> None:
        super().__init__(text)
        self.answer: Answer = (status, f"{text}\n".encode(), content_type)


class Request(NamedTuple):
    """What a log asks: to sign this checkpoint, because this proof leads to it from the old size."""

    old: int
    proof: list[bytes]
    note: bytes
    checkpoint: Checkpoint

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Read the body of `add-checkpoint` (C2SP tlog-witness). Raises `Malformed`."""
        head, blank, note = body.partition(b"\n\n")
        first, *lines = head.split(b"\n")
        old = OLD.match(first)
        if not old or not blank:
            raise Malformed("a request is an old size, proof lines, an empty line and a checkpoint")
        proof = [hash_from_base64(line) for line in lines]
        if len(proof) > LONGEST_PROOF:
            raise Malformed(f"a proof is made of at most {LONGEST_PROOF} hashes")
        return cls(int(old[1]), proof, note, Checkpoint.parse(note))


class Log:
    """One origin: its keys, and the newest checkpoint of it that this witness signed, in a file."""

    def __init__(self, origin: str, folder: Path) -> None:
        self.origin = origin
        self.keys: list[Key] = []
        self.lock = threading.Lock()
        self.path = folder / f"{hashlib.sha256(origin.encode()).hexdigest()}.json"
        self.latest = self._recalled()

    def accepts(self, checkpoint: Checkpoint) -> bool:
        """Whether one of the log's keys signed it, and no line of a key we know is wrong."""
        try:
            return bool([key for key in self.keys if checkpoint.signed_by(key)])
        except ProofFailed:
            return False

    def advance(self, request: Request) -> None:
        """Make a checkpoint the newest, durably. Raises `Refusal` if it does not extend the one before."""
        size = self.latest.size if self.latest else 0
        if request.old != size:
            raise Refusal(409, str(size), SIZE)
        self._check(request)
        if request.checkpoint.size > size:
            state = json.dumps(_state(request.checkpoint, request.note.decode()), ensure_ascii=False, indent=1)
            replace(self.path, f"{state}\n".encode())
            self.latest = request.checkpoint

    def _check(self, request: Request) -> None:
        new, latest = request.checkpoint, self.latest
        if latest and new.size == latest.size and new.root != latest.root:
            # Two signed trees of one size convict the log: one is in the state file, the other is kept here.
            LOG.error("%s signed two trees of size %d: %s", self.origin, new.size, json.dumps(request.note.decode()))
            raise Refusal(422, "The log signed another tree of this size.")
        try:
            if latest:
                check_consistency(latest.size, new.size, request.proof, latest.root, new.root)
            elif request.proof:
                raise ProofFailed("nothing leads from an empty tree")
        except (Malformed, ProofFailed):
            raise Refusal(422, "The proof does not lead from the old size to this checkpoint.") from None

    def _recalled(self) -> Checkpoint | None:
        if not self.path.exists():
            return None
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            state = json.loads(self.path.read_bytes())
            checkpoint = Checkpoint.parse(state["note"].encode())
            if state == _state(checkpoint, state["note"]) and checkpoint.origin == self.origin:
                return checkpoint
        raise Unusable(
            f"The state file {self.path} is damaged. Bring back a copy that is not older than the newest "
            "cosignature: without it this witness could sign two histories of one log."
        )


class Witness:
    """Signs what only grows: a key, and for each log a memory of its newest checkpoint."""

    def __init__(self, state: Path, cosigner: Cosigner, keys: Iterable[Key]) -> None:
        self.cosigner = cosigner
        self.logs: dict[str, Log] = {}
        for key in keys:
            if key.algorithm != 1:
                raise Unusable(f"The key {key.name} is not the key of a log.")
            if key.name not in self.logs:
                self.logs[key.name] = Log(key.name, state)
            self.logs[key.name].keys.append(key)

    def add(self, body: bytes, now: int) -> Answer:
        """Answer an `add-checkpoint` at `now` (POSIX seconds): status, body, content type (C2SP tlog-witness)."""
        try:
            return 200, self._cosignature(Request.parse(body), now), TEXT
        except Malformed as malformed:
            return Refusal(400, f"Malformed: {malformed}.").answer
        except Refusal as refusal:
            return refusal.answer

    def _cosignature(self, request: Request, now: int) -> bytes:
        checkpoint = request.checkpoint
        log = self.logs.get(checkpoint.origin)
        if log is None:
            raise Refusal(404, "This witness does not know that origin.")
        if not log.accepts(checkpoint):
            raise Refusal(403, "No key that this witness knows signed the checkpoint.")
        if checkpoint.size < max(request.old, 1):
            raise Refusal(400, "The checkpoint is empty, or smaller than the old size.")
        # Comparing, keeping and signing are one step: else two trees of one size could both be the next.
        with log.lock:
            log.advance(request)
            return self.cosigner.cosign(checkpoint.text, now)


class Handler(BaseHTTPRequestHandler):
    """One request, one answer, one line of log, and the connection is closed."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "riskreview-witness", ""
    error_content_type, error_message_format = TEXT, "%(message)s\n"
    requestline, outcome = "", "no answer"

    def setup(self) -> None:
        """Give the client its time for all it sends: a socket's own timeout would begin anew with every byte."""
        super().setup()
        self.alarm = threading.Timer(PATIENCE, self._stop_listening)
        self.alarm.start()

    def do_POST(self) -> None:
        """Answer `add-checkpoint`; what fails in here is told to our log, not to the client."""
        try:
            answer = self.server.witness.add(self._body(), int(self.server.clock()))
        except Refusal as refusal:
            answer = refusal.answer
        except Exception:
            LOG.exception("a checkpoint could not be handled")
            answer = Refusal(500, "The witness failed; its own log says why.").answer
        self._send(*answer)

    def _body(self) -> bytes:
        stated = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,18}", stated, re.ASCII) or "Transfer-Encoding" in self.headers:
            raise Refusal(411, "State the length of the body.")
        # More is read than is taken: a connection closed on unread bytes is reset, and the answer lost.
        body = self.rfile.read(min(int(stated), 16 * LARGEST_BODY))
        if self.path != "/add-checkpoint":
            raise Refusal(404, "There is only /add-checkpoint.")
        if int(stated) > LARGEST_BODY:
            raise Refusal(413, f"A body has at most {LARGEST_BODY} bytes.")
        if len(body) < int(stated):
            raise Refusal(400, f"The body was not all there after {PATIENCE:.0f} seconds.")
        return body

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.outcome += "" if status == 200 else f" {body.decode().strip()}"

    def _stop_listening(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(0)  # SHUT_RD: what is read ends here, and an answer can still be sent

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the status for the one line that `finish` writes."""
        self.outcome = f"{code:d}" if isinstance(code, int) else code

    def log_error(self, format: str, *args: Any) -> None:
        """Say nothing: `finish` does."""

    def finish(self) -> None:
        """Write the one line. `%r`, because a request line may hold anything."""
        self.alarm.cancel()
        LOG.info("%s %r %s", self.client_address[0], self.requestline[:100], self.outcome)
        super().finish()


class Server(ThreadingHTTPServer):
    """The witness on a port. Closing it waits for the requests under way."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], witness: Witness, clock: Callable[[], float] = time.time) -> None:
        self.witness, self.clock = witness, clock
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is a line in the log, no more."""
        LOG.warning("%s went away: %r", client_address[0], sys.exception())


def _state(checkpoint: Checkpoint, note: str) -> dict[str, Any]:
    root = encode(checkpoint.root)
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": root, "note": note}


def replace(path: Path, content: bytes) -> None:
    """Replace a file durably: after a crash it is the old one or the new one."""
    aside = path.with_suffix(".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Own a state folder for as long as this lasts: two witnesses with one memory could sign two histories."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unusable(f"Another witness uses the state folder {folder}. Stop it first.") from None
        yield


def address(text: str) -> tuple[str, int]:
    """`host:port`, both of them: a port alone would listen on every interface."""
    host, _, port = text.rpartition(":")
    if not host:
        raise ValueError("no host")
    return host, int(port)


def serve(options: argparse.Namespace) -> None:
    """Answer requests until SIGTERM or Ctrl-C."""
    with alone(options.state):
        witness = Witness(options.state, Cosigner.read(options.key), [Key.parse(vkey) for vkey in options.log])
        with Server(options.listen, witness) as server:
            for number in (signal.SIGTERM, signal.SIGINT):
                # From another thread: `shutdown` waits for the loop that the signal interrupts.
                signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
            LOG.info("%s listens on %s:%d", witness.cosigner.vkey, *server.server_address)
            server.serve_forever(poll_interval=0.1)
    LOG.info("stopped")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. 0: it ended as asked; 2: it could not start, and said why."""
    parser = argparse.ArgumentParser(description="A witness for transparency logs (C2SP tlog-witness).")
    parser.add_argument("--new-key", nargs=2, metavar=("NAME", "FILE"), help="make a key, print its public form, end")
    parser.add_argument("--state", type=Path, metavar="FOLDER", help="where the newest checkpoints are kept")
    parser.add_argument("--key", type=Path, metavar="FILE", help="the witness's private key, mode 0600")
    parser.add_argument("--log", action="append", metavar="VKEY", help="the public key of a log; may be repeated")
    parser.add_argument("--listen", type=address, default="127.0.0.1:7380", metavar="HOST:PORT")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        if options.new_key:
            cosigner = Cosigner.generate(options.new_key[0])
            cosigner.write(Path(options.new_key[1]))
            sys.stdout.write(f"{cosigner.vkey}\n")
        elif options.state and options.key and options.log:
            serve(options)
        else:
            parser.error("give --state, --key and --log, or --new-key")
    except (Unusable, ValueError, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
