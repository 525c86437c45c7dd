"""Notes are written as C2SP's documents and Go's sumdb/note have them, and keys keep their secret."""

import base64
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskreview.audit import note
from riskreview.audit.note import Cosigner, Signer
from riskreview.audit.verifier import Checkpoint, Key, Malformed, ProofFailed

# The test vector of the ledger's specification (docs/audit.md).
ORIGIN = "riskreview.example/ledger/2025"
SEED = bytes(range(32))
ROOT = base64.b64decode("Gji70VLmLhmhuqUIfSXrTi2TqiZBsf8P904oE4mZgH0=")
VKEY = "riskreview.example/ledger/2025+48b13dc2+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
NOTE = (
    "riskreview.example/ledger/2025\n1\nGji70VLmLhmhuqUIfSXrTi2TqiZBsf8P904oE4mZgH0=\n\n"
    "— riskreview.example/ledger/2025 SLE9wvbRn9OiUvoMI4kcx+e3+gNnLu2/n5cNQpW7iGj3aESUgFPZVY67CpIcorfoWM8vWVy6CUhpCLL"
    "yuIbBsUVXIgE=\n"
).encode()

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


KINDS = pytest.mark.parametrize("kind", [Signer, Cosigner])
names = st.text(st.characters(codec="utf-8", exclude_characters="+", exclude_categories=["Z", "Cc"]), min_size=1)


def test_the_published_checkpoint_byte_for_byte():
    signer = Signer.from_seed(ORIGIN, SEED)
    text = note.checkpoint_text(ORIGIN, 1, ROOT)
    assert signer.vkey == VKEY
    assert note.note(text, [signer.sign(text)]) == NOTE


def test_the_verifier_reads_the_published_checkpoint():
    checkpoint = Checkpoint.parse(NOTE)
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, 1, ROOT)
    assert checkpoint.signed_by(Key.parse(VKEY))


def test_gos_documented_example():
    signer = Signer.parse(GO_KEY)
    assert signer.vkey == GO_VKEY
    assert signer.private() == GO_KEY
    assert signer.sign(GO_TEXT.encode()).decode() == GO_LINE


def test_a_key_id_is_of_name_type_and_public_key():
    key = Key.parse(GO_VKEY)
    assert note.key_id("PeterNeumann", 1, key.public).hex() == "c74f20a3"
    assert note.key_id("PeterNeumann", 4, key.public).hex() != "c74f20a3"
    assert note.key_id("EnochRoot", 1, key.public).hex() != "c74f20a3"


@KINDS
def test_a_new_key_goes_into_text_and_back(kind):
    key = kind.generate("example.org/log")
    again = kind.parse(key.private())
    assert again.private() == key.private()
    assert again.vkey == key.vkey
    assert kind.generate("example.org/log").vkey != key.vkey


@KINDS
def test_the_verifier_reads_a_public_key(kind):
    key = kind.from_seed("example.org/log", SEED)
    read = Key.parse(key.vkey)
    assert (read.name, read.id, read.algorithm, read.public) == (key.name, key.id, kind.ALGORITHM, key.public)


@given(names, st.binary(min_size=32, max_size=32))
def test_any_allowed_name_and_seed_round_trip(name, seed):
    key = Signer.from_seed(name, seed)
    assert Signer.parse(key.private()).vkey == key.vkey
    assert Key.parse(key.vkey).id == key.id


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])).map(lambda text: f"{text}\n"))
def test_a_text_is_signed_as_it_is(text):
    signer = Signer.from_seed("example.org/log", SEED)
    line = signer.sign(text.encode()).decode()
    dash, name, signature = line.removesuffix("\n").split(" ")
    raw = base64.b64decode(signature)
    assert (dash, name, raw[:4], len(raw)) == ("—", "example.org/log", signer.id, 68)


@KINDS
@pytest.mark.parametrize("name", ["", "a+b", "a b", "a\tb", "a\nb", "a\u00a0b", "a\u2028b", "a\x00b", "a\ud800b"])
def test_a_name_holds_no_blanks_and_no_plus(kind, name):
    with pytest.raises(Malformed, match="a key's name"):
        kind.from_seed(name, SEED)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_has_32_bytes(length):
    with pytest.raises(Malformed, match="32 bytes"):
        Signer.from_seed("example.org/log", bytes(length))


def test_every_piece_of_gos_key_is_malformed():
    for begin in range(len(GO_KEY)):
        for end in range(begin, len(GO_KEY) + (begin > 0)):
            with pytest.raises(Malformed):
                Signer.parse(GO_KEY[begin:end])


def test_every_changed_character_of_gos_key_is_malformed():
    for at, character in enumerate(GO_KEY):
        for other in (chr(ord(character) ^ 1), chr(ord(character) + 1), "", character * 2, "\n", "é"):
            with pytest.raises(Malformed):
                Signer.parse(GO_KEY[:at] + other + GO_KEY[at + 1 :])


def with_data(data):
    return f"PRIVATE+KEY+PeterNeumann+c74f20a3+{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        GO_VKEY,
        GO_KEY + "\n",
        " " + GO_KEY,
        GO_KEY.replace("c74f20a3", "C74F20A3"),
        GO_KEY.replace("PRIVATE", "private"),
        with_data(b""),
        with_data(b"\x01" + bytes(31)),
        with_data(b"\x01" + bytes(33)),
        with_data(b"\x02" + bytes(32)),
    ],
)
def test_a_malformed_key_is_refused(text):
    with pytest.raises(Malformed):
        Signer.parse(text)


def test_a_ledgers_key_is_no_witness_and_the_other_way_round():
    with pytest.raises(Malformed, match="type 4"):
        Cosigner.parse(Signer.from_seed("example.org/log", SEED).private())
    with pytest.raises(Malformed, match="type 1"):
        Signer.parse(Cosigner.from_seed("example.org/log", SEED).private())


# The secret


@KINDS
def test_a_key_never_shows_its_secret(kind):
    key = kind.from_seed("example.org/log", SEED)
    secrets = [base64.b64encode(SEED).decode().rstrip("="), base64.b64encode(b"\x04" + SEED).decode(), SEED.hex()]
    for shown in (repr(key), str(key), f"{key}", repr(vars(key)), repr([key])):
        assert not [secret for secret in secrets if secret in shown]
    assert key.id.hex() in repr(key)


def test_a_key_cannot_be_pickled():
    with pytest.raises(TypeError):
        pickle.dumps(Signer.from_seed("example.org/log", SEED))


def test_a_complaint_about_a_key_does_not_repeat_it():
    for text in (GO_KEY + "A", GO_KEY.replace("c74f", "0000"), GO_KEY.removeprefix("PRIVATE+")):
        with pytest.raises(Malformed) as complaint:
            Signer.parse(text)
        assert "AYEKFALV" not in repr(complaint.value)
        assert complaint.value.__suppress_context__ or complaint.value.__context__ is None


@KINDS
def test_a_key_file_is_its_owners_only(kind, tmp_path):
    key, path = kind.generate("example.org/log"), tmp_path / "key"
    key.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert kind.read(path).vkey == key.vkey
    path.chmod(0o400)
    assert kind.read(path).vkey == key.vkey


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644, 0o700])
def test_a_key_file_that_others_could_read_is_refused(mode, tmp_path):
    path = tmp_path / "key"
    Signer.generate("example.org/log").write(path)
    path.chmod(mode)
    with pytest.raises(note.Exposed, match="chmod 600"):
        Signer.read(path)


def test_a_key_file_is_never_overwritten(tmp_path):
    path = tmp_path / "key"
    key = Signer.generate("example.org/log")
    key.write(path)
    with pytest.raises(FileExistsError):
        Signer.generate("example.org/log").write(path)
    assert Signer.read(path).vkey == key.vkey


# Checkpoints and cosignatures


@pytest.fixture
def text():
    return note.checkpoint_text(ORIGIN, 1, ROOT)


def test_a_checkpoint_is_three_lines(text):
    assert text.decode().split("\n") == [ORIGIN, "1", base64.b64encode(ROOT).decode(), ""]


@pytest.mark.parametrize(
    ("origin", "size", "root", "why"),
    [
        (ORIGIN, 0, ROOT, "empty tree"),
        (ORIGIN, -1, ROOT, "empty tree"),
        (ORIGIN, 1, ROOT[:31], "32 bytes"),
        (ORIGIN, 1, ROOT + b"x", "32 bytes"),
        ("", 1, ROOT, "one line"),
        ("a\nb", 1, ROOT, "one line"),
        ("a\rb", 1, ROOT, "control characters"),
    ],
)
def test_what_is_no_checkpoint(origin, size, root, why):
    with pytest.raises(ValueError, match=why):
        note.checkpoint_text(origin, size, root)


def test_a_cosignature_says_when(text):
    witness = Cosigner.from_seed("witness.example/w1", SEED)
    signed = note.note(text, [Signer.from_seed(ORIGIN, SEED).sign(text), witness.cosign(text, 1_738_058_400)])
    checkpoint = Checkpoint.parse(signed)
    assert checkpoint.cosigned_at(Key.parse(witness.vkey)) == 1_738_058_400
    assert checkpoint.cosigned_at(Key.parse(Cosigner.generate("witness.example/w1").vkey)) is None


def test_a_cosignature_has_the_bytes_of_the_specification(text):
    witness = Cosigner.from_seed("witness.example/w1", SEED)
    raw = base64.b64decode(witness.cosign(text, 1_738_058_400).decode().split(" ")[2])
    assert (raw[:4], raw[4:12], len(raw)) == (witness.id, (1_738_058_400).to_bytes(8, "big"), 4 + 8 + 64)
    witness._key.public_key().verify(raw[12:], b"cosignature/v1\ntime 1738058400\n" + text)


def test_a_cosignature_of_another_time_or_text_fails(text):
    witness = Cosigner.from_seed("witness.example/w1", SEED)
    line = witness.cosign(text, 1_738_058_400)
    raw = bytearray(base64.b64decode(line.decode().split(" ")[2]))
    raw[11] ^= 1
    moved = f"— witness.example/w1 {base64.b64encode(raw).decode()}\n".encode()
    other = note.checkpoint_text(ORIGIN, 2, ROOT)
    for bad in (note.note(text, [moved]), note.note(other, [line])):
        with pytest.raises(ProofFailed):
            Checkpoint.parse(bad).cosigned_at(Key.parse(witness.vkey))


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_cosignature_has_a_time_of_63_bits(text, time):
    with pytest.raises(ValueError, match="POSIX time"):
        Cosigner.from_seed("witness.example/w1", SEED).cosign(text, time)


@pytest.mark.parametrize("bad", [b"", b"no newline", b"tab\there\n", b"\x00\n", b"\xff\n", b"cr\r\n"])
def test_only_text_is_signed(bad):
    for sign in (Signer.from_seed(ORIGIN, SEED).sign, lambda text: Cosigner.from_seed(ORIGIN, SEED).cosign(text, 1)):
        with pytest.raises(ValueError, match=r"newline|control characters|decode"):
            sign(bad)


@pytest.mark.parametrize("lines", [[], [b""], [b"no dash\n"], ["— open".encode()], ["— a b\n— c d\n".encode()]])
def test_a_note_has_signature_lines(text, lines):
    with pytest.raises(ValueError, match="signature line"):
        note.note(text, lines)


def test_a_changed_checkpoint_is_not_signed():
    with pytest.raises(ProofFailed):
        Checkpoint.parse(NOTE.replace(b"2025\n1\n", b"2025\n2\n")).signed_by(Key.parse(VKEY))
