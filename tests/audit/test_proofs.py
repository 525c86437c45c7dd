"""Proofs and signed notes, judged by vectors that others published."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from riskreview.audit.verifier import (
    Checkpoint,
    Frontier,
    Key,
    Malformed,
    Note,
    ProofFailed,
    Signature,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
)
from tests.audit.bundles import WITNESS, consistency, inclusion, root
from tests.audit.test_canonical import HEADER

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "merkle"
# The checkpoint and key of the ledger's specification (docs/audit.md): one leaf, Ed25519 seed 00 01 … 1f.
VKEY = "riskreview.example/ledger/2025+48b13dc2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
CHECKPOINT = (
    "riskreview.example/ledger/2025\n1\nGji70VLmLhmhuqUIfSXrTi2TqiZBsf8P904oE4mZgH0=\n\n"
    "— riskreview.example/ledger/2025 "
    "SLE9wvbRn9OiUvoMI4kcx+e3+gNnLu2/n5cNQpW7iGj3aESUgFPZVY67CpIcorfoWM8vWVy6CUhpCLLyuIbBsUVXIgE=\n"
).encode()
# The example in the documentation of golang.org/x/mod/sumdb/note.
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_NOTE = GO_TEXT + f"\n— PeterNeumann {GO_SIGNATURE}\n".encode()


def vectors(kind):
    return [json.loads(path.read_bytes()) for path in sorted((VECTORS / kind).rglob("*.json"))]


def decoded(vector, *names):
    return [base64.b64decode(vector[name]) for name in names]


def holds(check, *arguments):
    try:
        check(*arguments)
    except ProofFailed:
        return False
    return True


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the public vectors are not beside the project")
def test_it_judges_the_196_public_vectors_as_published():
    wrong, read = [], 0
    for vector in vectors("inclusion"):
        leaf, head = decoded(vector, "leafHash", "root")
        proof = [base64.b64decode(each) for each in vector["proof"] or []]
        read += 1
        if holds(check_inclusion, vector["leafIdx"], vector["treeSize"], leaf, proof, head) == vector["wantErr"]:
            wrong.append(vector["desc"])
    for vector in vectors("consistency"):
        root1, root2 = decoded(vector, "root1", "root2")
        proof = [base64.b64decode(each) for each in vector["proof"] or []]
        read += 1
        if holds(check_consistency, vector["size1"], vector["size2"], proof, root1, root2) == vector["wantErr"]:
            wrong.append(vector["desc"])
    assert (read, wrong) == (196, [])


def test_every_proof_of_every_small_tree_holds_and_no_shorter_or_longer_one():
    leaves = [leaf_hash(bytes([each])) for each in range(40)]
    for size in range(1, 41):
        tree = leaves[:size]
        whole = root(tree)
        for index in range(size):
            leaf, part = leaves[index], root(leaves[: index + 1])
            proof = inclusion(index, tree)
            check_inclusion(index, size, leaf, proof, whole)
            assert not proof or not holds(check_inclusion, index, size, leaf, proof[:-1], whole)
            assert not holds(check_inclusion, index, size, leaf, [*proof, whole], node_hash(whole, whole))
            proof, longer = consistency(index + 1, tree), [*consistency(index + 1, tree), whole]
            check_consistency(index + 1, size, proof, part, whole)
            assert not proof or not holds(check_consistency, index + 1, size, proof[:-1], part, whole)
            higher = node_hash(whole, part), node_hash(whole, whole)
            assert not holds(check_consistency, index + 1, size, longer, *higher)
            assert not holds(check_consistency, index + 1, size, longer, part, higher[1])


def test_a_growing_tree_has_the_roots_of_the_definition():
    leaves = [leaf_hash(bytes([each])) for each in range(100)]
    frontier = Frontier()
    assert frontier.root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for size, leaf in enumerate(leaves, 1):
        frontier = Frontier(frontier.size, frontier.hashes)
        frontier.append(leaf)
        assert (frontier.size, frontier.root()) == (size, root(leaves[:size]))
        assert len(frontier.hashes) == size.bit_count()


@pytest.mark.parametrize(("size", "hashes"), [(1, []), (3, [bytes(32)]), (1, [bytes(31)]), (-1, []), (1 << 64, [])])
def test_a_frontier_of_the_wrong_form_is_refused(size, hashes):
    with pytest.raises(Malformed):
        Frontier(size, hashes)


def test_the_published_checkpoint_is_signed_by_the_published_key_over_the_published_leaf():
    checkpoint, key = Checkpoint.parse(CHECKPOINT), Key.parse(VKEY)
    assert (checkpoint.origin, checkpoint.size) == (key.name, 1)
    assert checkpoint.root == leaf_hash(HEADER.encode())
    assert checkpoint.text == CHECKPOINT[: CHECKPOINT.index(b"\n\n") + 1]
    assert (key.algorithm, key.id.hex()) == (1, "48b13dc2")
    assert checkpoint.signed_by(key)


def test_the_documented_go_note_is_signed_by_its_key():
    note = Note.parse(GO_NOTE)
    assert note.text == GO_TEXT
    assert note.signed_by(Key.parse(GO_VKEY))
    assert not note.signed_by(Key.parse(VKEY))


def test_a_bad_line_of_a_known_key_rejects_the_note_and_a_strangers_does_not():
    bad = GO_NOTE.replace(b"your problem is", b"my problem is")
    with pytest.raises(ProofFailed, match="PeterNeumann"):
        Note.parse(bad).signed_by(Key.parse(GO_VKEY))
    assert not Note.parse(bad).signed_by(Key.parse(VKEY))


def test_a_cosignature_says_when_and_covers_the_time():
    key, text = Key.parse(WITNESS.vkey), Checkpoint.parse(CHECKPOINT).text
    early, late = (WITNESS.line(text, at) for at in (1_738_000_000, 1_738_000_060))
    assert Checkpoint.parse(CHECKPOINT).cosigned_at(key) is None
    assert Checkpoint.parse(CHECKPOINT + early).cosigned_at(key) == 1_738_000_000
    assert Checkpoint.parse(CHECKPOINT + late + early).cosigned_at(key) == 1_738_000_060
    *name, data = late.split(b" ")
    blob = bytearray(base64.b64decode(data))
    for changed in (blob[:11] + b"\0" + blob[12:], blob[:-1], blob + b"x"):
        line = b" ".join([*name, base64.b64encode(changed)]) + b"\n"
        with pytest.raises(ProofFailed):
            Checkpoint.parse(CHECKPOINT + early + line).cosigned_at(key)


def test_a_key_does_only_its_own_kind_of_work():
    checkpoint = Checkpoint.parse(CHECKPOINT)
    with pytest.raises(Malformed):
        checkpoint.signed_by(Key.parse(WITNESS.vkey))
    with pytest.raises(Malformed):
        checkpoint.cosigned_at(Key.parse(VKEY))


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_VKEY + "\n",
    ],
)
def test_a_key_of_the_wrong_form_is_refused(vkey):
    with pytest.raises(Malformed):
        Key.parse(vkey)


LINE = CHECKPOINT.split(b"\n\n")[1]
ROOT = b"Gji70VLmLhmhuqUIfSXrTi2TqiZBsf8P904oE4mZgH0="


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        CHECKPOINT[:-1],
        CHECKPOINT.replace(b"\n1\n", b"\n01\n"),
        CHECKPOINT.replace(b"\n1\n", b"\n-1\n"),
        CHECKPOINT.replace(b"\n1\n", b"\n18446744073709551616\n"),
        CHECKPOINT.replace(b"\n1\n", b"\n1\r\n"),
        CHECKPOINT.replace(b"\n1\n", b"\n"),
        CHECKPOINT.replace(b"=\n\n", b"=\n\tx\n\n"),
        CHECKPOINT.replace(ROOT, ROOT[:-1]),
        CHECKPOINT.replace(ROOT, ROOT[:-2] + b"1="),
        CHECKPOINT.replace(ROOT, b"AAAA"),
        CHECKPOINT.replace(b"\n\n", b"\n"),
        CHECKPOINT.replace("—".encode(), b"-"),
        CHECKPOINT.replace(b"riskreview", b"risk\xffreview"),
        CHECKPOINT + b"\xff",
        CHECKPOINT + "— name AAAA\n".encode(),
        CHECKPOINT + "— na+me AAAAAAA=\n".encode(),
        CHECKPOINT.replace(LINE, b""),
        CHECKPOINT + LINE * 64,
        b"a" * 65_536 + CHECKPOINT,
    ],
)
def test_a_checkpoint_of_the_wrong_form_is_refused(note):
    with pytest.raises(Malformed):
        Checkpoint.parse(note)


def test_extension_lines_are_part_of_what_is_signed():
    checkpoint = Checkpoint.parse(CHECKPOINT.replace(b"\n\n", b"\nextension\n\n"))
    assert checkpoint.text.endswith(b"=\nextension\n")
    with pytest.raises(ProofFailed):
        checkpoint.signed_by(Key.parse(VKEY))


def test_a_signature_line_gives_its_key_id_and_the_rest():
    name = "riskreview.example/ledger/2025"
    line = Checkpoint.parse(CHECKPOINT).signatures[0]
    assert line == Signature(name, bytes.fromhex("48b13dc2"), line.blob)
    assert len(line.blob) == 64


def test_bytes_cannot_move_from_one_hash_to_its_neighbour():
    one, two = leaf_hash(b"one"), leaf_hash(b"two")
    whole = node_hash(one, two)
    check_inclusion(0, 2, one, [two], whole)
    check_consistency(1, 2, [two], one, whole)
    assert not holds(check_inclusion, 0, 2, one[:31], [one[31:] + two], whole)
    assert not holds(check_consistency, 1, 2, [one[31:] + two], one[:31], whole)
