"""Checkpoints go to witnesses and signatures come back: over HTTP, to the real witness, on loopback."""

import datetime
import threading

import pytest
from pytest_socket import enable_socket

from riskreview.audit import entries
from riskreview.audit.models import Checkpoint, Cosignature, Log
from riskreview.audit.note import Cosigner
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import Key
from riskreview.audit.witness import Server
from riskreview.audit.witness import Witness as Real
from riskreview.notifications import tasks, witnessing
from riskreview.notifications.models import Witness
from riskreview.notifications.witnessing import Unwitnessed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    return Cosigner.generate("witness.example/one")


@pytest.fixture
def witness(sign_log, key, tmp_path):
    """A witness on loopback that knows our log, as our row."""
    enable_socket()
    sign_log()
    (tmp_path / "witness").mkdir()
    real = Real(tmp_path / "witness", key, [Key.parse(vkey) for vkey in Log.objects.get().vkeys])
    server = Server(("127.0.0.1", 0), real)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Witness.objects.want_newest([(key.vkey, f"http://127.0.0.1:{server.server_address[1]}/")])
    yield Witness.objects.get()
    server.shutdown()
    server.server_close()
    thread.join()


def carry(witness):
    witness.refresh_from_db()
    witnessing.keep(witness, witnessing.carry(witness))
    witness.refresh_from_db()


def test_a_signature_comes_back_and_holds(witness, key):
    carry(witness)
    whole = Parsed.parse(Checkpoint.objects.newest().whole.encode())
    assert whole.cosigned_at(Key.parse(key.vkey))
    assert (witness.size, Cosignature.objects.get().witness) == (
        Log.objects.get().size,
        Cosignature.by(Key.parse(key.vkey)),
    )


def test_it_grows_with_a_proof(witness, sign_log, alice):
    carry(witness)
    make.vendor("Qwen", by=alice)
    sign_log()
    carry(witness)
    assert (witness.size, Cosignature.objects.count()) == (Log.objects.get().size, 2)


def test_a_witness_that_has_seen_another_size_is_asked_again(witness, sign_log, alice):
    carry(witness)
    make.vendor("Qwen", by=alice)
    sign_log()
    Witness.objects.update(size=0)
    carry(witness)
    assert witness.size < Log.objects.get().size
    carry(witness)
    assert witness.size == Log.objects.get().size


def test_a_log_shorter_than_what_it_has_seen_is_said(witness):
    Witness.objects.update(size=10_000)
    with pytest.raises(Unwitnessed, match="the database was put back"):
        carry(witness)


def test_the_sweep_sees_it_too(witness, settings, monkeypatch):
    """After a restore the witness has seen more than this database holds: that must not look like being done."""
    carry(witness)
    settings.SWEEP_SECONDS = 0.000_01
    settings.WITNESSES = [f"{witness.vkey} {witness.url}"]
    Witness.objects.update(size=10_000)
    sent = []
    monkeypatch.setattr(tasks.witness, "delay", lambda **arguments: sent.append(arguments))
    tasks.sweep()
    tasks.witness(**sent.pop())
    assert "the database was put back" in Witness.objects.get().last_error


def test_an_old_checkpoint_stays_while_newer_entries_wait(witness, alice, monkeypatch):
    make.vendor("Qwen", by=alice)
    later = entries.Moment(entries.now().at + datetime.timedelta(minutes=5), "1")
    monkeypatch.setattr(witnessing, "now", lambda: later)
    with pytest.raises(Unwitnessed, match="Newer entries wait"):
        witnessing.refuse_what_is_overtaken(Checkpoint(signed_at=later.at - datetime.timedelta(minutes=4)))


def test_an_unknown_log_is_refused_in_words(witness, key, tmp_path):
    (tmp_path / "other").mkdir()
    server = Server(("127.0.0.1", 0), Real(tmp_path / "other", key, []))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Witness.objects.update(url=f"http://127.0.0.1:{server.server_address[1]}")
    try:
        with pytest.raises(Unwitnessed, match="answered 404"):
            carry(witness)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_line_by_another_key_is_not_kept(witness):
    Witness.objects.update(vkey=Cosigner.generate("witness.example/one").vkey)
    with pytest.raises(Unwitnessed, match="without a signature by its key"):
        carry(witness)
    assert not Cosignature.objects.exists()


def test_the_sweep_offers_what_is_not_signed_yet(witness, settings, monkeypatch):
    settings.SWEEP_SECONDS = 0.000_01
    settings.WITNESSES = [f"{witness.vkey} {witness.url}"]
    sent = []
    monkeypatch.setattr(tasks.witness, "delay", lambda **arguments: sent.append(arguments))
    tasks.sweep()
    tasks.witness(**sent.pop())
    tasks.sweep()
    assert (sent, Cosignature.objects.count()) == ([], 1)


def test_a_message_delivered_twice_signs_once(witness, settings, monkeypatch):
    settings.SWEEP_SECONDS = 0.000_01
    settings.WITNESSES = [f"{witness.vkey} {witness.url}"]
    sent = []
    monkeypatch.setattr(tasks.witness, "delay", lambda **arguments: sent.append(arguments))
    tasks.sweep()
    tasks.witness(**sent[0])
    tasks.witness(**sent[0])
    assert Cosignature.objects.count() == 1


def test_a_witness_that_does_not_answer_is_tried_again_later(witness, settings, monkeypatch):
    settings.SWEEP_SECONDS = 0.000_01
    settings.WITNESSES = [f"{witness.vkey} http://127.0.0.1:1/"]
    sent = []
    monkeypatch.setattr(tasks.witness, "delay", lambda **arguments: sent.append(arguments))
    tasks.sweep()
    tasks.witness(**sent.pop())
    row = Witness.objects.get()
    assert "connection" in row.last_error
    assert (row.dead_at, row.size) == (None, 0)


def test_without_witnesses_nothing_is_sent(sign_log, settings, monkeypatch):
    settings.SWEEP_SECONDS = 0.000_01
    settings.WITNESSES = []
    sign_log()
    monkeypatch.setattr(tasks.witness, "delay", lambda **_: pytest.fail("sent"))
    tasks.sweep()
    assert not Witness.objects.exists()
