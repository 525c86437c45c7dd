"""The witness signs what only grows, remembers it through any crash, and answers as C2SP tlog-witness says."""

import base64
import contextlib
import hashlib
import json
import logging
import os
import re
import shutil
import signal
import socket  # noqa: TID251 - a client of our own server
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection  # noqa: TID251 - a client of our own server
from pathlib import Path

import pytest

from riskreview.audit import merkle, note, verifier, witness
from riskreview.audit.note import Cosigner, Signer
from riskreview.audit.verifier import Checkpoint, Key, leaf_hash
from riskreview.audit.witness import Server, Unusable, Witness

ORIGIN = "riskreview.example/ledger/2025"
STATE = hashlib.sha256(ORIGIN.encode()).hexdigest() + ".json"
NOW = 1_738_058_400
SIGNER = Signer.from_seed(ORIGIN, bytes(range(32)))
COSIGNER = Cosigner.from_seed("witness.example/w1", bytes(range(1, 33)))
KEY, COKEY = Key.parse(SIGNER.vkey), Key.parse(COSIGNER.vkey)
TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


class Tree:
    """A log to be witnessed; `salt` makes another history of it, from leaf `since` on."""

    def __init__(self, salt="", since=0):
        self.leaf = lambda at: leaf_hash(f"{at}{salt if at >= since else ''}".encode())

    def fetch(self, level, index):
        return merkle.subtree([self.leaf(at) for at in range(index << level, (index + 1) << level)])

    def note(self, size, signers=(SIGNER,), origin=ORIGIN):
        text = note.checkpoint_text(origin, size, merkle.root(size, self.fetch))
        return note.note(text, [signer.sign(text) for signer in signers])

    def proof(self, old, size):
        return merkle.consistency_proof(old, size, self.fetch) if old else []

    def request(self, old, size, **options):
        return body(old, self.proof(old, size), self.note(size, **options))


def body(old, proof, checkpoint):
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


LOG, FORK = Tree(), Tree("of another history", since=3)


@pytest.fixture
def folder(tmp_path):
    state = tmp_path / "state"
    state.mkdir()
    return state


@pytest.fixture
def start(folder):
    """A witness on the state folder; started again, it is the same one after a restart."""
    return lambda *keys: Witness(folder, COSIGNER, keys or [KEY])


def status(answer):
    return answer[0]


def signed_at(checkpoint, line):
    """When the witness signed the checkpoint, as an auditor finds out."""
    return Checkpoint.parse(checkpoint + line).cosigned_at(COKEY)


# What it signs


def test_it_signs_the_first_checkpoint(start):
    assert start().add(LOG.request(0, 5), NOW)[::2] == (200, TEXT)


def test_its_signature_is_one_an_auditor_accepts(start):
    _, line, _ = start().add(LOG.request(0, 5), NOW)
    assert signed_at(LOG.note(5), line) == NOW


def test_it_signs_what_has_grown(start):
    one = start()
    for old, size in [(0, 1), (1, 2), (2, 7), (7, 8), (8, 300)]:
        code, line, _ = one.add(LOG.request(old, size), NOW + size)
        assert (code, signed_at(LOG.note(size), line)) == (200, NOW + size)


def test_it_signs_the_same_checkpoint_again_with_the_new_time(start, folder):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    kept = (folder / STATE).read_bytes()
    code, line, _ = one.add(LOG.request(5, 5), NOW + 60)
    assert (code, signed_at(LOG.note(5), line)) == (200, NOW + 60)
    assert (folder / STATE).read_bytes() == kept


def test_it_knows_each_log_by_itself(start):
    other = Signer.generate("other.example/log")
    one = start(KEY, Key.parse(other.vkey))
    assert status(one.add(LOG.request(0, 5), NOW)) == 200
    assert status(one.add(LOG.request(0, 9, signers=[other], origin=other.name), NOW)) == 200
    assert status(one.add(LOG.request(5, 9), NOW)) == 200


def test_it_accepts_any_of_a_logs_keys_while_they_change(start):
    new = Signer.generate(ORIGIN)
    one = start(KEY, Key.parse(new.vkey))
    assert status(one.add(LOG.request(0, 5), NOW)) == 200
    assert status(one.add(LOG.request(5, 6, signers=[SIGNER, new]), NOW)) == 200
    assert status(one.add(LOG.request(6, 7, signers=[new]), NOW)) == 200


def test_it_ignores_signatures_of_strangers(start):
    assert status(start().add(LOG.request(0, 5, signers=[Signer.generate(ORIGIN), SIGNER]), NOW)) == 200


def test_it_signs_extension_lines_with_the_rest(start):
    text = note.checkpoint_text(ORIGIN, 5, merkle.root(5, LOG.fetch)) + b"an extension\n"
    checkpoint = note.note(text, [SIGNER.sign(text)])
    code, line, _ = start().add(body(0, [], checkpoint), NOW)
    assert (code, signed_at(checkpoint, line)) == (200, NOW)


# What it does not sign


def changed(request, old, new):
    assert request.count(old) >= 1
    return request.replace(old, new)


GOOD = LOG.request(5, 9)
HASH = base64.b64encode(LOG.proof(5, 9)[0]) + b"\n"


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\n",
        b"old 5",
        b"old 5\n\n",
        b"\xff\xfe\n\n\xff",
        GOOD[:-1],
        GOOD[: GOOD.index(b"\n\n") + 2],
        changed(GOOD, b"old 5", b"old 05"),
        changed(GOOD, b"old 5", b"old -5"),
        changed(GOOD, b"old 5", b"old  5"),
        changed(GOOD, b"old 5", b"old 5 "),
        changed(GOOD, b"old 5", b"old"),
        changed(GOOD, b"old 5", b"OLD 5"),
        changed(GOOD, b"old 5", b"old \xd9\xa5"),
        changed(GOOD, b"old 5", b"old " + b"9" * 21),
        changed(GOOD, b"old 5\n", b""),
        changed(GOOD, b"old 5\n", b"old 5\r\n"),
        changed(GOOD, HASH, HASH[:-2] + b"\n"),
        changed(GOOD, HASH, b" " + HASH),
        changed(GOOD, HASH, base64.b64encode(bytes(31)) + b"\n"),
        changed(GOOD, HASH, base64.b64encode(bytes(33)) + b"\n"),
        changed(GOOD, HASH, HASH[:10] + b"*" + HASH[11:]),
        changed(GOOD, HASH, b"\xe9" + HASH),
        changed(GOOD, b"\n9\n", b"\n09\n"),
        changed(GOOD, b"\n9\n", b"\nnine\n"),
        body(5, [bytes(32)] * 64, LOG.note(9)),
        body(5, [], b"no checkpoint\n"),
    ],
)
def test_a_malformed_request_is_400(start, bad):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    code, text, kind = one.add(bad, NOW)
    assert (code, kind) == (400, TEXT)
    assert text.startswith(b"Malformed: ")
    assert text.count(b"\n") == 1


def test_63_lines_of_proof_are_read(start):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    assert status(one.add(body(5, [bytes(32)] * 63, LOG.note(9)), NOW)) == 422


def test_an_old_size_above_the_new_one_is_400(start):
    one = start()
    one.add(LOG.request(0, 9), NOW)
    assert status(one.add(body(9, [], LOG.note(5)), NOW)) == 400
    assert status(one.add(body(10, [], LOG.note(9)), NOW)) == 400


def test_an_empty_tree_is_400(start):
    text = f"{ORIGIN}\n0\n{base64.b64encode(hashlib.sha256().digest()).decode()}\n".encode()
    assert status(start().add(body(0, [], note.note(text, [SIGNER.sign(text)])), NOW)) == 400


def test_an_unknown_origin_is_404(start):
    stranger = Signer.generate("other.example/log")
    assert status(start().add(LOG.request(0, 5, signers=[stranger], origin=stranger.name), NOW)) == 404
    assert status(start().add(LOG.request(0, 5, origin="other.example/log"), NOW)) == 404


def test_a_checkpoint_without_the_logs_signature_is_403(start):
    assert status(start().add(LOG.request(0, 5, signers=[Signer.generate(ORIGIN)]), NOW)) == 403


def test_a_bad_signature_of_the_log_is_403_even_beside_a_good_one(start):
    new = Signer.generate(ORIGIN)
    text = note.checkpoint_text(ORIGIN, 5, merkle.root(5, LOG.fetch))
    bad = note.note(text, [SIGNER.sign(text), new.sign(b"something else\n")])
    one = start(KEY, Key.parse(new.vkey))
    assert status(one.add(body(0, [], bad), NOW)) == 403
    assert status(one.add(changed(LOG.request(0, 5), b"\n5\n", b"\n6\n"), NOW)) == 403


def test_another_old_size_is_409_with_the_latest(start):
    one = start()
    assert one.add(LOG.request(3, 5), NOW) == (409, b"0\n", SIZE)
    one.add(LOG.request(0, 5), NOW)
    assert one.add(LOG.request(0, 9), NOW) == (409, b"5\n", SIZE)
    assert one.add(LOG.request(4, 9), NOW) == (409, b"5\n", SIZE)
    assert one.add(LOG.request(4, 4), NOW) == (409, b"5\n", SIZE)


def test_another_tree_of_the_same_size_is_422_and_convicts_the_log(start, caplog):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    assert status(one.add(FORK.request(5, 5), NOW)) == 422
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    kept = json.loads(told.getMessage().partition(": ")[2]).encode()
    assert Checkpoint.parse(kept).signed_by(KEY)
    assert kept == FORK.note(5)


def test_a_bad_proof_is_422(start):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    good = LOG.proof(5, 9)
    for proof in ([], good[1:], good[:-1], good[::-1], [*good, bytes(32)], [bytes(32), *good[1:]]):
        assert status(one.add(body(5, proof, LOG.note(9)), NOW)) == 422
    assert status(one.add(body(5, [bytes(32)], LOG.note(5)), NOW)) == 422


def test_a_proof_for_the_first_checkpoint_is_422(start):
    assert status(start().add(body(0, [bytes(32)], LOG.note(5)), NOW)) == 422


def test_another_history_is_422(start):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    assert status(one.add(FORK.request(5, 9), NOW)) == 422
    assert status(one.add(body(5, LOG.proof(5, 9), FORK.note(9)), NOW)) == 422


def test_a_refusal_changes_nothing(start, folder):
    one = start()
    one.add(LOG.request(0, 5), NOW)
    kept = (folder / STATE).read_bytes()
    for bad in (b"", FORK.request(5, 9), FORK.request(5, 5), LOG.request(0, 9)):
        assert status(one.add(bad, NOW)) != 200
    assert (folder / STATE).read_bytes() == kept
    assert status(one.add(LOG.request(5, 9), NOW)) == 200


# Its memory


def test_it_remembers_after_a_restart(start):
    start().add(LOG.request(0, 5), NOW)
    assert status(start().add(FORK.request(5, 9), NOW)) == 422
    assert start().add(LOG.request(0, 9), NOW) == (409, b"5\n", SIZE)
    assert status(start().add(LOG.request(5, 9), NOW)) == 200


def test_its_memory_is_one_small_file(start, folder):
    start().add(LOG.request(0, 5), NOW)
    root = base64.b64encode(merkle.root(5, LOG.fetch)).decode()
    kept = {"origin": ORIGIN, "size": 5, "root": root, "note": LOG.note(5).decode()}
    assert [path.name for path in folder.iterdir()] == [STATE]
    assert json.loads((folder / STATE).read_bytes()) == kept


def test_it_signs_only_after_it_has_written(start, folder, monkeypatch):
    one = start()
    steps = []
    record = lambda name, real: lambda *given: (steps.append(name), real(*given))[1]  # noqa: E731
    monkeypatch.setattr(witness.os, "fsync", record("fsync", os.fsync))
    monkeypatch.setattr(Path, "replace", record("replace", Path.replace))
    monkeypatch.setattr(one.cosigner, "cosign", record("cosign", one.cosigner.cosign), raising=False)
    assert status(one.add(LOG.request(0, 5), NOW)) == 200
    assert steps == ["fsync", "replace", "fsync", "cosign"]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_it_signs_nothing_that_it_could_not_write(start, monkeypatch, broken):
    def full(*_):
        raise OSError(28, "No space left on device")

    one = start()
    one.add(LOG.request(0, 5), NOW)
    with monkeypatch.context() as patch:
        patch.setattr(*((witness.os, "fsync") if broken == "fsync" else (Path, "replace")), full)
        with pytest.raises(OSError, match="No space"):
            one.add(LOG.request(5, 9), NOW)
    assert status(one.add(LOG.request(5, 9), NOW)) == 200
    assert status(start().add(LOG.request(9, 10), NOW)) == 200


def damaged(state):
    """State files that a disk or a hand left behind."""
    kept = json.loads(state)
    yield b""
    yield b"{"
    yield state[: len(state) // 2]
    yield b"[]"
    yield b"null"
    yield b"\xff" + state
    yield json.dumps(kept | {"size": 4}).encode()
    yield json.dumps(kept | {"size": "5"}).encode()
    yield json.dumps(kept | {"root": base64.b64encode(bytes(32)).decode()}).encode()
    yield json.dumps(kept | {"origin": "other.example/log"}).encode()
    yield json.dumps(kept | {"note": 5}).encode()
    yield json.dumps(kept | {"note": kept["note"][1:]}).encode()
    yield json.dumps(kept | {"more": 1}).encode()
    yield json.dumps({name: value for name, value in kept.items() if name != "note"}).encode()


def test_a_damaged_memory_stops_it(start, folder):
    start().add(LOG.request(0, 5), NOW)
    whole = (folder / STATE).read_bytes()
    for content in damaged(whole):
        (folder / STATE).write_bytes(content)
        with pytest.raises(Unusable, match=r"is damaged\. Bring back a copy"):
            start()
    (folder / STATE).write_bytes(whole)
    start()


def test_another_logs_memory_under_this_name_stops_it(start, folder):
    other = Signer.generate("other.example/log")
    start(Key.parse(other.vkey)).add(LOG.request(0, 9, signers=[other], origin=other.name), NOW)
    (kept,) = folder.iterdir()
    kept.rename(folder / STATE)
    with pytest.raises(Unusable, match="is damaged"):
        start()


def test_what_a_crash_left_aside_is_no_memory(start, folder):
    start().add(LOG.request(0, 5), NOW)
    (folder / STATE).with_suffix(".new").write_bytes(b"half a fi")
    assert status(start().add(LOG.request(5, 9), NOW)) == 200


def test_a_witnesss_key_is_no_logs_key(start):
    with pytest.raises(Unusable, match="not the key of a log"):
        start(COKEY)


def test_two_trees_of_one_size_at_once_get_one_signature(tmp_path):
    for attempt in range(20):
        (folder := tmp_path / str(attempt)).mkdir()
        one = Witness(folder, COSIGNER, [KEY])
        one.add(LOG.request(0, 5), NOW)
        answers = at_once(lambda request, one=one: one.add(request, NOW), requests(5))
        assert sorted(map(status, answers)) == [200, 409]
        (signed,) = [answer[1] for answer in answers if status(answer) == 200]
        assert signed_at(json.loads((folder / STATE).read_bytes())["note"].encode(), signed) == NOW


def requests(size):
    """Two continuations of the same tree, to the same size."""
    return [Tree(salt, since=size).request(size, size + 4) for salt in ("", "fork")]


def at_once(act, arguments):
    barrier, answers = threading.Barrier(len(arguments)), []

    def one(argument):
        barrier.wait()
        answers.append(act(argument))

    threads = [threading.Thread(target=one, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


# On a port


@pytest.fixture
def port(start, caplog):
    caplog.set_level(logging.INFO, "witness")
    server = Server(("127.0.0.1", 0), start(), clock=lambda: NOW + 0.9)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def post(port, content, path="/add-checkpoint", method="POST", headers=()):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request(method, path, content, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers["Content-Type"]


def raw(port, content, *, then=None):
    """What comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(content)
        if then is not None:
            connection.shutdown(then)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def told(caplog, count=1):
    """What the witness wrote down: its line comes after the answer, maybe a moment after the client has read it."""
    until = time.monotonic() + 5
    while len(lines := [each.getMessage() for each in caplog.records if each.name == "witness"]) < count:
        assert time.monotonic() < until
        time.sleep(0.01)
    return sorted(lines)


def test_it_speaks_http(port, caplog):
    code, line, kind = post(port, LOG.request(0, 5))
    assert (code, kind, signed_at(LOG.note(5), line)) == (200, TEXT, NOW)
    assert post(port, LOG.request(0, 9)) == (409, b"5\n", SIZE)
    assert told(caplog, 2) == [
        "127.0.0.1 'POST /add-checkpoint HTTP/1.1' 200",
        "127.0.0.1 'POST /add-checkpoint HTTP/1.1' 409 5",
    ]


def test_it_closes_after_each_answer(port):
    request = LOG.request(0, 5)
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {len(request)}\r\n\r\n".encode()
    answer = raw(port, head + request + head + request)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer


def test_it_lets_a_client_ask_before_it_sends(port):
    request = LOG.request(0, 5)
    head = f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {len(request)}\r\nExpect: 100-continue\r\n\r\n"
    answer = raw(port, head.encode() + request)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert b"HTTP/1.1 200 OK\r\n" in answer


@pytest.mark.parametrize("path", ["/", "/add-checkpoint/", "/add-checkpoint?x", "/../add-checkpoint"])
def test_another_address_is_404(port, path):
    assert post(port, LOG.request(0, 5), path)[0] == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_there_is_nothing_but_posting(port, method):
    assert post(port, None, method=method)[0] == 501


def test_a_body_over_the_limit_is_413(port):
    assert post(port, b"x" * witness.LARGEST_BODY)[0] == 400
    assert post(port, b"x" * (witness.LARGEST_BODY + 1))[0] == 413
    assert post(port, b"x" * (8 * witness.LARGEST_BODY))[0] == 413
    assert raw(port, b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", then=1)[9:12] == b"413"


@pytest.mark.parametrize(
    "header", ["X: y", "Content-Length: -1", "Content-Length: +5", "Content-Length: 5\r\nTransfer-Encoding: chunked"]
)
def test_a_body_without_a_plain_length_is_411(port, header):
    assert raw(port, f"POST /add-checkpoint HTTP/1.1\r\n{header}\r\n\r\n".encode())[9:12] == b"411"


def test_half_a_body_is_400(port):
    half = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold 0\n"
    assert raw(port, half, then=socket.SHUT_WR)[9:12] == b"400"


@pytest.mark.parametrize(
    "sent", [b"", b"POST /add-ch", b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold"]
)
def test_a_slow_client_is_left_after_a_while(port, sent, monkeypatch, caplog):
    monkeypatch.setattr(witness, "PATIENCE", 0.2)
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        # A byte now and then does not buy more time.
        with contextlib.suppress(OSError):
            for _ in range(8):
                time.sleep(0.05)
                connection.sendall(b"" if sent == b"" else b"x" if b"\r\n\r\n" not in sent else b"")
        with contextlib.suppress(ConnectionError):
            while connection.recv(4096):
                pass
    assert time.monotonic() - begun < 2
    assert len(told(caplog)) == 1


@pytest.mark.parametrize(
    "sent", [b"\x00\xff\r\n\r\n", b"POST\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\r\n"]
)
def test_noise_gets_no_traceback(port, sent, caplog):
    answer = raw(port, sent, then=socket.SHUT_WR)
    assert b"Traceback" not in answer
    assert b"Python" not in answer
    assert len(told(caplog)) == 1
    assert told(caplog)[0].isprintable()


def test_a_failure_of_ours_is_500_and_in_the_log_only(port, monkeypatch, caplog):
    monkeypatch.setattr(witness, "replace", lambda *_: 1 / 0)
    code, text, _ = post(port, LOG.request(0, 5))
    assert (code, text) == (500, b"The witness failed; its own log says why.\n")
    assert "ZeroDivisionError" in caplog.text


def test_a_client_that_goes_away_disturbs_nobody(port):
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold")
    assert post(port, LOG.request(0, 5))[0] == 200


def test_two_trees_at_once_over_http_get_one_signature(port):
    post(port, LOG.request(0, 5))
    answers = at_once(lambda request: post(port, request), requests(5))
    assert sorted(map(status, answers)) == [200, 409]


# As a program, copied to a host that knows nothing of riskreview


class Host:
    """A folder with the three files, and the programs started there."""

    def __init__(self, folder):
        self.folder, self.running = folder, []
        for module in (witness, note, verifier):
            shutil.copy(module.__file__, folder)

    def run(self, *arguments):
        command = [sys.executable, "-W", "error", "witness.py", *arguments]
        return subprocess.run(command, cwd=self.folder, env={}, capture_output=True, text=True, timeout=30, check=False)

    def start(self, *more):
        """Start it, and wait until it says where it listens."""
        command = [sys.executable, "-W", "error", "witness.py", *self.options(*more)]
        process = subprocess.Popen(command, cwd=self.folder, env={}, stderr=subprocess.PIPE, text=True)
        self.running.append(process)
        first = process.stderr.readline()
        process.port = int(re.search(r" listens on 127\.0\.0\.1:(\d+)$", first)[1])
        return process

    def options(self, *more):
        return ["--state", "state", "--key", "key", "--log", SIGNER.vkey, "--listen", "127.0.0.1:0", *more]


@pytest.fixture
def host(tmp_path):
    found = Host(tmp_path)
    yield found
    for process in found.running:
        process.kill()
        process.communicate()


def test_a_copied_witness_survives_a_kill(host):
    made = host.run("--new-key", "witness.example/w1", "key")
    assert (made.returncode, made.stderr) == (0, "")
    cokey = Key.parse(made.stdout.removesuffix("\n"))
    assert (host.folder / "key").stat().st_mode & 0o777 == 0o600
    first = host.start()
    code, line, _ = post(first.port, LOG.request(0, 5))
    assert code == 200
    assert abs(Checkpoint.parse(LOG.note(5) + line).cosigned_at(cokey) - time.time()) < 60
    first.kill()
    first.wait()
    second = host.start()
    assert post(second.port, LOG.request(0, 9)) == (409, b"5\n", SIZE)
    assert post(second.port, FORK.request(5, 9))[0] == 422
    assert post(second.port, LOG.request(5, 9))[0] == 200
    second.send_signal(signal.SIGTERM)
    assert second.wait(10) == 0
    lines = second.stderr.read().splitlines()
    # Each request has a thread of its own, which writes its line after it has answered.
    assert sorted(each.rsplit("HTTP/1.1' ")[-1][:3] for each in lines[:-1]) == ["200", "409", "422"]
    assert lines[-1].endswith("INFO stopped")


def test_it_does_not_start_with_a_key_that_others_can_read(host):
    host.run("--new-key", "witness.example/w1", "key")
    (host.folder / "key").chmod(0o640)
    ended = host.run(*host.options())
    assert ended.returncode == 2
    assert ended.stderr == "The key file key is open to others than its owner. Say: chmod 600 key\n"


def test_it_does_not_start_with_a_damaged_memory(host):
    host.run("--new-key", "witness.example/w1", "key")
    (host.folder / "state").mkdir()
    (host.folder / "state" / STATE).write_bytes(b"{")
    ended = host.run(*host.options())
    assert ended.returncode == 2
    assert f"The state file state/{STATE} is damaged." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_two_do_not_share_one_memory(host):
    host.run("--new-key", "witness.example/w1", "key")
    host.start()
    ended = host.run(*host.options())
    assert (ended.returncode, ended.stderr) == (2, "Another witness uses the state folder state. Stop it first.\n")


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    """The command line, in this process: its status and what it complained."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)

    def run(*arguments):
        try:
            return witness.main(arguments), capsys.readouterr().err
        except SystemExit as ended:
            return ended.code, capsys.readouterr().err

    return run


def test_a_key_is_never_overwritten(say, tmp_path):
    assert say("--new-key", "witness.example/w1", "key") == (0, "")
    kept = (tmp_path / "key").read_bytes()
    code, complaint = say("--new-key", "witness.example/w1", "key")
    assert (code, (tmp_path / "key").read_bytes()) == (2, kept)
    assert "File exists: 'key'" in complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "give --state, --key and --log, or --new-key"),
        (["--new-key", "a b", "other"], "neither blanks nor a plus sign"),
        (["--state", "s", "--key", "none", "--log", SIGNER.vkey], "No such file or directory: 'none'"),
        (["--state", "s", "--key", "key", "--log", "nonsense"], "NAME+ID+BASE64"),
        (["--state", "s", "--key", "key", "--log", COSIGNER.vkey], "not the key of a log"),
        (["--state", "s", "--key", "key", "--log", SIGNER.vkey, "--listen", "7380"], "invalid address value: '7380'"),
        (["--state", "s", "--key", "key", "--log", SIGNER.vkey, "--listen", ":7380"], "invalid address value: ':7380'"),
    ],
)
def test_it_says_why_it_does_not_start(say, arguments, complaint):
    say("--new-key", "witness.example/w1", "key")
    code, told = say(*arguments)
    assert code == 2
    assert complaint in told
    assert "Traceback" not in told
