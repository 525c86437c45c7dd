"""The verifier of bundles: a good bundle holds, and every way to tamper with one is found."""

from __future__ import annotations

import ast
import base64
import datetime
import hashlib
import itertools
import json
import random
import subprocess
import sys
import uuid
import zipfile
import zlib
from pathlib import Path

import pytest

from riskreview.audit import verifier
from riskreview.audit.verifier import Key, verify
from tests.audit.bundles import (
    LOG,
    ORIGIN,
    OTHER,
    SECOND,
    START,
    STRANGER,
    WITNESS,
    Bundle,
    consistency,
    entry,
    folder,
    identity,
    moment,
    note,
    packed,
    resummed,
    story,
    zipped,
)

FILE = Path(verifier.__file__)
NOW = datetime.datetime.fromtimestamp(START + 100, datetime.UTC)
KEYS = {"keys": [Key.parse(LOG.vkey)], "witnesses": [Key.parse(WITNESS.vkey)], "quorum": 1, "now": NOW}
LEAVES = [each.leaf() for each in story()]
FORK = [*LEAVES[:2], bytes(32), *LEAVES[3:]]
BOTH = pytest.mark.parametrize("kind", ["case", "full"])


@pytest.fixture
def check(tmp_path):
    """Write files as a folder and verify them."""

    numbers = itertools.count()

    def run(made, **options):
        made = made.files() if isinstance(made, Bundle) else made
        return verify(folder(tmp_path / f"bundle {next(numbers)}", made), **KEYS | options)

    return run


def failed(report):
    return {row["name"] for row in report.checks if row["result"] == "failed"}


def result(report, name):
    return next(row["result"] for row in report.checks if row["name"] == name)


# A good bundle


@BOTH
@pytest.mark.parametrize("write", [folder, zipped])
def test_a_good_bundle_holds_and_every_check_had_something_to_do(kind, write, tmp_path):
    path = write(tmp_path / "bundle", Bundle(kind).files())
    report = verify(path, **KEYS, known=[note(LEAVES[:6])], max_age=datetime.timedelta(hours=1))
    idle = {row["name"] for row in report.checks if row["result"] != "ok"}
    assert (report.verdict, report.exit_status, report.first_bad) == ("holds", 0, None)
    assert idle == (set() if kind == "case" else {"evidence"})
    assert (report.origin, report.size) == ([ORIGIN], [12])


@BOTH
def test_the_report_always_says_what_was_not_checked(kind, check):
    report = check(Bundle(kind), witnesses=(), quorum=0)
    text = "\n".join(report.not_checked)
    for part in ("Witnesses", "Earlier checkpoints", "Age", "1 bodies: erased", "Who stands behind an account"):
        assert part in text
    assert (result(report, "times"), report.verdict) == ("not checked", "holds")


def test_a_bundle_that_lacks_the_beginning_holds_and_says_so(check):
    entries = story()
    entries[0].header["verb"] = "ledger.rotate_key"
    report = check(Bundle("full", entries))
    assert report.verdict == "holds"
    assert "What happened before the bundle's first entry." in report.not_checked


def test_a_pruned_access_entry_is_explained_by_the_act_that_pruned_it(check):
    entries = story()
    entries[4].pruned_by = entries[10].header["id"]
    report = check(Bundle("full", entries))
    assert report.verdict == "holds"
    assert "1 entries: pruned, only their hashes are left." in report.not_checked
    entries[10].body["arguments"] = {"entries": []}
    assert failed(check(Bundle("full", entries))) == {"withheld"}


# Bytes


@pytest.mark.parametrize("name", sorted(Bundle("case").files()))
def test_one_other_byte_in_any_file_is_found(name, check):
    made = Bundle("case").files()
    data = bytearray(made[name])
    for offset in random.Random(name).sample(range(len(data)), min(6, len(data))):
        changed = bytes(data[:offset]) + bytes([data[offset] ^ 1]) + bytes(data[offset + 1 :])
        assert check(made | {name: changed}).exit_status in (1, 2)


def test_one_other_byte_anywhere_in_a_zip_is_found(tmp_path):
    path = zipped(tmp_path / "bundle.zip", Bundle("case").files())
    data = path.read_bytes()
    directory = data.index(b"PK\x01\x02")
    choice = random.Random(2025)
    places = [*range(0, directory, 29), *range(directory, len(data), 3), *range(len(data) - 22, len(data))]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << choice.randrange(8)
        path.write_bytes(changed)
        assert verify(path, **KEYS).exit_status in (1, 2), place


def test_a_wrong_byte_of_the_container_is_named_by_its_place(tmp_path):
    path = zipped(tmp_path / "bundle.zip", Bundle("case").files())
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 5
    data[place] ^= 1
    path.write_bytes(data)
    report = verify(path, **KEYS)
    assert failed(report) == {"container"}
    assert report.first_bad["why"].startswith(f"byte {place:,} of the zip, in the directory entry of ")


def test_a_checksum_that_is_wrong_in_both_its_places_is_found(tmp_path):
    made = Bundle("case").files()
    path = zipped(tmp_path / "bundle.zip", made)
    crc = zlib.crc32(made["index.html"]).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(crc, bytes([crc[0] ^ 1]) + crc[1:]))
    assert failed(verify(path, **KEYS)) == {"files"}


@pytest.mark.parametrize("change", [b"x%s", b"%sx", b"%s" + bytes(22)])
def test_bytes_around_a_zip_are_found(change, tmp_path):
    path = zipped(tmp_path / "bundle.zip", Bundle("case").files())
    path.write_bytes(change % path.read_bytes())
    assert verify(path, **KEYS).exit_status in (1, 2)


def test_a_compressed_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("bundle.json", (1980, 1, 1, 0, 0, 0)), b"{}" * 50, zipfile.ZIP_DEFLATED)
    assert failed(verify(tmp_path / "bundle.zip", **KEYS)) == {"container"}


def test_a_link_in_a_folder_is_refused(tmp_path):
    path = folder(tmp_path / "bundle", Bundle("case").files())
    (path / "index.html").unlink()
    (path / "index.html").symlink_to(path / "decision.json")
    assert failed(verify(path, **KEYS)) == {"container"}


@pytest.mark.parametrize("name", ["extra.txt", "logs/1/extra.txt", "logs/2/checkpoint.txt"])
def test_a_file_that_is_not_listed_fails(name, check):
    assert failed(check(Bundle("case").files() | {name: b"x"})) == {"files"}


@pytest.mark.parametrize("name", ["logs/1/extra.txt", "logs/2/checkpoint.txt"])
def test_a_listed_file_without_a_meaning_among_the_logs_fails(name, check):
    assert failed(check(resummed(Bundle("case").files() | {name: b"x"}))) == {"files"}


@pytest.mark.parametrize("name", sorted(Bundle("case").files()))
def test_a_missing_file_is_found(name, check):
    made = Bundle("case").files()
    del made[name]
    assert check(made).verdict == "fails"


@pytest.mark.parametrize("name", ["../index.html", "/index.html", "a/../b", "ä", "a//b", "a\\b", ""])
def test_an_odd_name_is_refused(name, check):
    made = Bundle("case").files()
    bundle = json.loads(made["bundle.json"])
    bundle["files"][name] = bundle["files"]["index.html"]
    report = check(made | {"bundle.json": packed(bundle)})
    assert "files" in failed(report)


# Signatures


@BOTH
def test_a_log_signed_by_another_key_of_its_name_fails(kind, check):
    assert failed(check(Bundle(kind, signer=STRANGER))) == {"signatures", "earlier checkpoints"}


@BOTH
def test_without_a_key_for_the_log_it_could_not_be_checked(kind, check):
    key = Key.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    report = check(Bundle(kind), keys=[key])
    assert (report.verdict, report.exit_status) == ("could not check", 2)
    assert ORIGIN in "".join(report.not_checked)


def test_a_quorum_counts_known_witnesses_only(check):
    bundle = Bundle(seen={WITNESS: START + 20, OTHER: START + 20})
    assert check(bundle).verdict == "holds"
    keys = [Key.parse(WITNESS.vkey), Key.parse(OTHER.vkey)]
    assert check(bundle, witnesses=keys, quorum=2).verdict == "holds"
    assert failed(check(Bundle(), witnesses=keys, quorum=2)) == {"quorum"}
    assert failed(check(bundle, witnesses=keys[:1] * 2, quorum=2)) == {"quorum"}


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_a_bad_signature_by_a_known_key_rejects_the_checkpoint(signer, check):
    made = Bundle().files()
    start = made["logs/1/checkpoint.txt"]
    bad = signer.line(b"something else", START + 20)
    assert failed(check(resummed(made | {"logs/1/checkpoint.txt": start + bad}))) == {"signatures"}


# Leaves


@BOTH
def test_an_edited_header_with_fresh_sums_does_not_fit_the_old_signature(kind, check):
    entries = story()
    signed = Bundle(kind, entries).files()["logs/1/checkpoint.txt"]
    entries[5].header["actor"] = identity("mallory")
    made = Bundle(kind, entries).files() | {"logs/1/checkpoint.txt": signed}
    report = check(resummed(made))
    assert "leaves" in failed(report)
    assert not failed(report) & {"files", "signatures", "headers", "bodies"}


@BOTH
def test_reordered_leaves_are_found(kind, check):
    made = Bundle(kind).files()
    lines = made["logs/1/leaves.jsonl"].splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    report = check(resummed(made | {"logs/1/leaves.jsonl": b"".join(lines)}))
    assert "leaves" in failed(report)


@BOTH
def test_a_cut_tail_is_found(kind, check):
    """In a full bundle the leaves are too few; in one of a case the sealing entry is gone."""
    made = Bundle(kind).files()
    lines = made["logs/1/leaves.jsonl"].splitlines(keepends=True)[:-1]
    bodies = made["bodies.jsonl"].splitlines(keepends=True)[:-1]
    report = check(resummed(made | {"logs/1/leaves.jsonl": b"".join(lines), "bodies.jsonl": b"".join(bodies)}))
    assert failed(report) == ({"leaves", "seal"} if kind == "full" else {"seal"})


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [*lines, lines[-1].replace(b'"i":11', b'"i":12')],
        lambda lines: [lines[0], *lines],
        lambda lines: [*lines[:4], *lines[5:]],
        lambda lines: [*lines[:11], lines[11].replace(b"}", b',"proof":[]}')],
        lambda lines: [*lines[:11], lines[11].replace(b'"i":11', b'"i":011')],
        lambda lines: [*lines[:11], lines[11].replace(b'"i":', b'"i": ')],
        lambda lines: [*lines[:11], lines[11][:-1]],
        lambda lines: [*lines[:11], b"nothing\n"],
    ],
)
def test_leaves_of_a_full_bundle_stand_in_their_one_form_and_order(change, check):
    made = Bundle("full").files()
    lines = change(made["logs/1/leaves.jsonl"].splitlines(keepends=True))
    report = check(resummed(made | {"logs/1/leaves.jsonl": b"".join(lines)}))
    assert "leaves" in failed(report)


@pytest.mark.parametrize(
    ("old", "new"), [(b'["', b"[x"), (b'"proof"', b'"Proof"'), (b'["', b'["AAAA","'), (b'","', b'"')]
)
def test_proofs_stand_in_their_one_form(old, new, check):
    made = Bundle("case").files()
    leaves = made["logs/1/leaves.jsonl"].replace(old, new)
    assert "leaves" in failed(check(resummed(made | {"logs/1/leaves.jsonl": leaves})))


def test_an_act_left_out_of_a_case_is_found(check):
    made = Bundle(shown=[1, 3, 4, 7, 8, 11])
    report = check(made)
    assert failed(report) == {"sequence"}
    assert report.first_bad["index"] == 8
    assert report.first_bad["entry"] == identity(8)


def test_the_last_act_left_out_of_a_case_is_found_by_the_state(check):
    last = [{"type": "case", "id": story()[1].header["subject"]["id"], "seq": 4, "state": "0" * 64}]
    assert failed(check(Bundle(shown=[1, 3, 4, 5, 7, 11], states=last))) == {"state"}


@BOTH
def test_an_entry_twice_is_found(kind, check):
    entries = story()
    entries[4] = entry(3, "case.download", entries[3].header["subject"], None)
    assert "sequence" in failed(check(Bundle(kind, entries)))


def test_a_case_shows_nothing_about_other_subjects(check):
    assert failed(check(Bundle(shown=[1, 2, 3, 4, 5, 7, 8, 11]))) == {"leaves"}
    assert failed(check(Bundle(shown=[1, 3, 4, 5, 7, 8, 10, 11]))) == {"leaves"}


# Checkpoints


@BOTH
@pytest.mark.parametrize("size", [6, 12])
def test_a_known_checkpoint_of_a_fork_is_found(kind, size, check):
    assert failed(check(Bundle(kind), known=[note(FORK[:size])])) == {"known checkpoints"}


@BOTH
def test_a_newer_known_checkpoint_says_that_the_log_was_cut_or_is_old(kind, check):
    report = check(Bundle(kind), known=[note([bytes(32)] * 13)])
    assert failed(report) == {"known checkpoints"}
    assert "the log was cut, or this bundle is older" in report.first_bad["why"]


def test_an_older_known_checkpoint_needs_its_proof_in_a_case(check):
    report = check(Bundle("case"), known=[note(LEAVES[:5])])
    assert (report.exit_status, result(report, "known checkpoints")) == (2, "not checked")
    assert check(Bundle("full"), known=[note(LEAVES[:5])]).verdict == "holds"


@BOTH
def test_a_known_note_that_is_no_checkpoint_or_of_another_log_could_not_be_checked(kind, check):
    assert check(Bundle(kind), known=[b"nothing"]).exit_status == 2
    assert check(Bundle(kind), known=[note([bytes(32)], SECOND)]).exit_status == 2


@BOTH
def test_an_earlier_checkpoint_of_a_fork_is_found(kind, check):
    made = Bundle(kind).files() | {"logs/1/checkpoints/6.txt": note(FORK[:6])}
    assert failed(check(resummed(made))) == {"earlier checkpoints"}


@BOTH
@pytest.mark.parametrize(
    ("size", "kept"),
    [
        (5, note(LEAVES[:6])),
        (6, note(LEAVES[:6], SECOND)),
        (6, note(LEAVES[:6], STRANGER)),
        (13, note([*LEAVES, bytes(32)])),
        (12, note(FORK)),
        (6, b"nothing"),
    ],
)
def test_an_earlier_checkpoint_is_a_signed_one_of_this_log_and_of_its_size(kind, size, kept, check):
    bundle = Bundle(kind, earlier={})
    made = bundle.files() | {f"logs/1/checkpoints/{size}.txt": kept}
    if kind == "case":
        leaves = [each.leaf() for each in bundle.entries]
        proof = [base64.b64encode(each) + b"\n" for each in consistency(min(size, 12), leaves)]
        made[f"logs/1/checkpoints/{size}.proof"] = b"".join(proof)
    assert failed(check(resummed(made), keys=[Key.parse(LOG.vkey), Key.parse(SECOND.vkey)])) == {"earlier checkpoints"}


@BOTH
def test_an_earlier_checkpoint_of_the_empty_log_has_its_root(kind, check):
    assert check(Bundle(kind, earlier={0: {}})).verdict == "holds"
    lie = f"{ORIGIN}\n0\n{base64.b64encode(bytes(32)).decode()}\n".encode()
    made = Bundle(kind, earlier={0: {}}).files() | {"logs/1/checkpoints/0.txt": lie + b"\n" + LOG.line(lie)}
    assert failed(check(resummed(made))) == {"earlier checkpoints"}


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"AAAA\n", lambda data: data + b"AAAA"])
def test_a_consistency_proof_stands_in_its_one_form(change, check):
    made = Bundle("case").files()
    proof = change(made["logs/1/checkpoints/6.proof"])
    assert failed(check(resummed(made | {"logs/1/checkpoints/6.proof": proof}))) == {"earlier checkpoints"}


@BOTH
def test_a_known_checkpoint_must_be_signed_by_a_key_of_the_log(kind, check):
    assert failed(check(Bundle(kind), known=[note(LEAVES[:6], STRANGER)])) == {"known checkpoints"}


def test_a_log_that_follows_holds_the_last_checkpoint_of_the_earlier(check):
    keys = [Key.parse(LOG.vkey), Key.parse(SECOND.vkey)]
    assert check(two_logs(), keys=keys).verdict == "holds"
    assert failed(check(two_logs(previous=5), keys=keys)) == {"earlier checkpoints"}


def two_logs(previous=6):
    """A full bundle of two logs; the second begins with the checkpoint over so many leaves of the first."""
    entries, record = story()[:6], {"type": "ledger", "id": "1", "label": None}
    entries[3].withheld = None
    told = note([each.leaf() for each in entries[:previous]]).decode()
    began = entry(20, "ledger.begin_log", record, 2, body={"arguments": {"previous": ORIGIN, "checkpoint": told}})
    second = [began, entry(21, "ledger.export", record, None)]
    origins = [(1, ORIGIN, 6), (2, SECOND.name, 2)]
    logs = [{"folder": f"logs/{number}", "origin": origin, "size": size} for number, origin, size in origins]
    tail = Bundle("full", second, signer=SECOND, earlier={}, states=[], told={"logs": logs})
    head = Bundle("full", entries, shown=list(range(6)), earlier={})
    made = {name.replace("logs/1/", "logs/2/"): data for name, data in tail.files().items()}
    return resummed(made | head.log() | {"bodies.jsonl": head.bodies() + made["bodies.jsonl"]})


# Headers and bodies


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("v", 2),
        ("v", True),
        ("id", "5E0B0F5A-3C0E-4F7B-9A53-0D7C1E2F3A4B"),
        ("kind", "note"),
        ("recorded_at", "2025-02-30T10:00:00.000000Z"),
        ("recorded_at", "2025-01-28 10:00:00.000000Z"),
        ("tx", 759),
        ("reason", 1),
        ("actor", None),
        ("via", ""),
        ("verb", "submit"),
        ("more", 1),
        ("subject", {"type": "case", "id": "1", "seq": None}),
        ("subject", {"type": "case", "id": "x" * 4_096, "seq": None, "label": None}),
    ],
)
def test_a_header_of_another_form_is_found(key, value, check):
    entries = story()
    entries[4].header[key] = value
    report = check(Bundle("full", entries))
    assert "headers" in failed(report)
    assert report.first_bad["index"] == 4


def test_a_header_that_is_not_canonical_is_found(check, monkeypatch):
    entries = story()
    raw = entries[4].raw().replace(b'"v":1', b'"v": 1')
    monkeypatch.setattr(entries[4], "raw", lambda: raw, raising=False)
    report = check(Bundle("full", entries))
    assert "headers" in failed(report)
    assert "canonical" in report.first_bad["why"]


@BOTH
def test_an_act_without_a_sequence_number_is_found(kind, check):
    entries = story()
    states = state_of(kind)
    entries[5].header["subject"] = entries[5].header["subject"] | {"seq": None}
    assert "sequence" in failed(check(Bundle(kind, entries, states=states)))


def test_a_sequence_number_of_something_that_is_no_act_is_found(check):
    entries = story()
    entries[4].header["subject"] = entries[4].header["subject"] | {"seq": 9}
    assert failed(check(Bundle("full", entries))) == {"sequence"}


@BOTH
def test_a_forged_body_is_found_with_its_entry(kind, check):
    bundle = Bundle(kind)
    made = bundle.files()
    forged = made["bodies.jsonl"].splitlines(keepends=True)
    row = json.loads(forged[1])
    row["body"] = base64.b64encode(packed({"arguments": {}, "label": "nicer", "v": 1})).decode()
    forged[1] = packed(row) + b"\n"
    report = check(resummed(made | {"bodies.jsonl": b"".join(forged)}))
    assert failed(report) == {"bodies"}
    assert report.first_bad["entry"] == row["id"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1.5}',
        b'{"a":9007199254740992}',
        b'{"a": 1}',
        b'{"A":1}',
        b'{"a":1,"a":1}',
        b'{"a":"\\u0000"}',
        b"[]",
        b"[" * 100_000,
        b"\xff",
        b'{"a":"%s"}' % (b"x" * 262_144),
    ],
)
def test_a_body_that_is_not_canonical_is_found_though_it_is_committed_to(body, check, monkeypatch):
    entries = story()
    chosen = entries[4]
    whole = b"riskreview/audit-body/v1\x00" + uuid.UUID(chosen.header["id"]).bytes + chosen.salt + body
    raw = packed({"body": base64.b64encode(hashlib.sha256(whole).digest()).decode(), **chosen.header})
    monkeypatch.setattr(chosen, "raw", lambda: raw, raising=False)
    made = Bundle("full", entries).files()
    lines = [json.loads(line) for line in made["bodies.jsonl"].splitlines()]
    for row in lines:
        if row["id"] == chosen.header["id"]:
            row["body"] = base64.b64encode(body).decode()
    made["bodies.jsonl"] = b"".join(packed(row) + b"\n" for row in lines)
    assert failed(check(resummed(made))) == {"bodies"}


# What is withheld


@BOTH
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"id": identity(3), "why": "erased", "by": identity(99)}],
        [{"id": identity(3), "why": "erased", "by": identity(3)}],
        [{"id": identity(3), "why": "pruned", "by": identity(7)}],
        [{"id": identity(3), "why": "erased", "by": None}],
        [{"id": identity(3), "why": "lost", "by": None}],
        [{"id": identity(3), "why": ["erased"], "by": identity(7)}],
        [{"id": identity(3), "why": "erased", "by": identity(7)}] * 2,
        [{"id": identity(each), "why": "erased", "by": identity(7)} for each in (3, 5)],
        [{"id": identity(each), "why": "not_disclosed", "by": None} for each in (3, 99)],
    ],
)
def test_a_body_that_is_withheld_without_a_good_explanation_is_found(kind, rows, check):
    assert "withheld" in failed(check(Bundle(kind, withheld=rows)))


@BOTH
def test_a_body_cannot_be_declared_undisclosed_after_the_export(kind, check):
    made = Bundle(kind).files()
    lines = made["bodies.jsonl"].splitlines(keepends=True)
    lost = json.loads(lines.pop(0))["id"]
    made["bodies.jsonl"] = b"".join(lines)
    made["withheld.json"] = packed([{"id": lost, "why": "not_disclosed", "by": None}])
    assert failed(check(resummed(made))) == {"seal"}


@BOTH
def test_an_act_that_took_an_address_explains_no_lost_body(kind, check):
    entries = story()
    entries[7].body["arguments"]["what"] = "trace"
    assert failed(check(Bundle(kind, entries))) == {"withheld"}


def test_the_two_lists_are_not_mixed(check):
    made = Bundle("full").files()
    made["removed.json"] = packed([{"id": identity(5), "why": "not_disclosed", "by": None}])
    assert "withheld" in failed(check(resummed(made)))


@BOTH
def test_an_act_does_not_explain_the_loss_of_a_body_of_after_it(kind, check):
    entries = story()
    entries[7].body["arguments"] = {"entries": [identity(3), identity(8)]}
    entries[8].withheld = ("erased", identity(7))
    report = check(Bundle(kind, entries))
    assert failed(report) == {"withheld"}
    assert "recorded after it" in report.first_bad["why"]


def test_a_line_that_is_no_body_is_found(check):
    made = Bundle("full").files()
    assert "bodies" in failed(check(resummed(made | {"bodies.jsonl": b"{}\n" + made["bodies.jsonl"]})))
    more = made["bodies.jsonl"] + made["bodies.jsonl"].splitlines(keepends=True)[0]
    assert failed(check(resummed(made | {"bodies.jsonl": more}))) == {"bodies"}


def test_a_body_that_is_merely_not_disclosed_is_counted(check):
    entries = story()
    entries[5].withheld = ("not_disclosed", None)
    report = check(Bundle("full", entries))
    assert report.verdict == "holds"
    assert "1 bodies: not disclosed." in report.not_checked


def test_an_erasure_that_does_not_name_the_entry_explains_nothing(check):
    entries = story()
    entries[7].body["arguments"] = {"entries": [identity(2)]}
    report = check(Bundle("full", entries))
    assert failed(report) == {"withheld"}
    assert report.first_bad["index"] == 7


# State, times, age, evidence, seal


@BOTH
@pytest.mark.parametrize("change", [{"seq": 5}, {"state": "f" * 64}])
def test_a_row_that_is_not_what_its_last_act_left_is_found(kind, change, check):
    states = [row | change for row in state_of(kind)]
    assert failed(check(Bundle(kind, states=states))) == {"state"}


def state_of(kind):
    return json.loads(Bundle(kind).files()["state.json"])


def test_a_row_twice_among_the_states_is_found(check):
    assert failed(check(Bundle(states=state_of("case") * 2))) == {"state"}


def test_a_state_whose_last_body_is_withheld_is_not_checked(check):
    entries = story()
    entries[8].withheld = ("not_disclosed", None)
    report = check(Bundle("case", entries, states=[row | {"state": "f" * 64} for row in state_of("case")]))
    assert report.verdict == "holds"
    assert "1 states: the body of the last act is not here." in report.not_checked


@BOTH
@pytest.mark.parametrize(("index", "seconds"), [(8, -3_600), (5, 3_600)])
def test_a_time_that_a_witness_contradicts_is_found(kind, index, seconds, check):
    """Entry 8 came after a checkpoint that a witness saw, and entry 5 was in it."""
    entries = story()
    entries[index].header["recorded_at"] = moment(START + index + seconds)
    report = check(Bundle(kind, entries))
    assert failed(report) == {"times"}
    assert report.first_bad["index"] == index
    assert check(Bundle(kind, entries), skew=7_200).verdict == "holds"
    assert check(Bundle(kind, entries), witnesses=(), quorum=0).verdict == "holds"


def test_without_witness_and_sealing_entry_nothing_says_how_old_it_is(check):
    made = Bundle(told={"sealed_by": identity(99)})
    limit = datetime.timedelta(days=1)
    assert {"age", "seal"} <= failed(check(made, witnesses=(), quorum=0, max_age=limit))


def test_the_age_is_that_of_the_newest_witness_or_else_of_the_export(check):
    minute = datetime.timedelta(minutes=1)
    assert failed(check(Bundle(), max_age=minute)) == {"age"}
    assert check(Bundle(seen={WITNESS: START + 50}), max_age=minute).verdict == "holds"
    assert failed(check(Bundle(), max_age=minute, witnesses=(), quorum=0)) == {"age"}
    early = {"now": datetime.datetime.fromtimestamp(START + 30, datetime.UTC)}
    assert check(Bundle(), max_age=minute, witnesses=(), quorum=0, **early).verdict == "holds"
    assert failed(check(Bundle(seen={WITNESS: START + 9_000}), max_age=minute)) == {"age"}


def test_the_log_cannot_vouch_for_its_age_before_an_auditor_who_has_a_witness(check):
    early = {"now": datetime.datetime.fromtimestamp(START + 30, datetime.UTC)}
    unseen = Bundle(seen={}, earlier={})
    assert "age" in failed(check(unseen, max_age=datetime.timedelta(minutes=1), quorum=0, **early))


@pytest.mark.parametrize("named", ["right", "wrong"])
def test_evidence_must_hold_the_bytes_of_its_name_and_be_told_of(named, check):
    digest = hashlib.sha256(b"x").hexdigest() if named == "right" else "0" * 64
    told = packed([] if named == "right" else [{"raw_sha256": digest}])
    bundle = Bundle("full", extra={f"evidence/{digest}": b"x", "evidence.json": told})
    assert failed(check(bundle)) == {"evidence"}
    bundle = Bundle("full", extra={"evidence.json": packed([{"raw_sha256": digest, "text_sha256": None}])})
    report = check(bundle)
    assert report.verdict == "holds"
    assert "1 pieces of evidence: only their hashes are here." in report.not_checked


def test_a_changed_page_with_fresh_sums_breaks_the_seal(check):
    made = resummed(Bundle().files() | {"index.html": b"<p>All is well</p>"})
    report = check(made)
    assert failed(report) == {"seal"}
    assert report.first_bad["entry"] == identity(11)


def test_a_seal_whose_body_is_withheld_binds_nothing(check):
    entries = story()
    entries[11].withheld = ("not_disclosed", None)
    assert failed(check(Bundle("case", entries))) == {"seal"}


def test_only_an_access_that_exports_can_hold_the_seal(check):
    entries = story()
    entries[11].header["verb"] = "case.download"
    assert failed(check(Bundle("case", entries))) == {"seal"}


@pytest.mark.parametrize("at", ["2025-13-45T10:00:00.000000Z", "0000-01-01T00:00:00.000000Z", "2025-01-28"])
def test_a_bundle_made_at_no_time_is_refused(at, check):
    made = Bundle().files()
    bundle = json.loads(made["bundle.json"]) | {"made_at": at}
    assert failed(check(made | {"bundle.json": packed(bundle)})) == {"files"}


@pytest.mark.parametrize("change", [{"size": 11}, {"origin": "elsewhere.example/log"}])
def test_a_bundle_says_of_its_logs_what_the_checkpoints_say(change, check):
    made = Bundle().files()
    bundle = json.loads(made["bundle.json"])
    bundle["logs"][0] |= change
    assert "signatures" in failed(check(made | {"bundle.json": packed(bundle)}))


def test_one_log_twice_is_refused(check):
    made = Bundle().files()
    bundle = json.loads(made["bundle.json"])
    assert failed(check(made | {"bundle.json": packed(bundle | {"logs": bundle["logs"] * 2})})) == {"files"}


@pytest.mark.parametrize(("key", "value"), [("made_at", moment(0)), ("software", "x"), ("sealed_by", identity(5))])
def test_a_changed_word_of_the_bundle_breaks_the_seal(key, value, check):
    made = Bundle().files()
    bundle = json.loads(made["bundle.json"]) | {key: value}
    assert "seal" in failed(check(made | {"bundle.json": packed(bundle)}))


# Hostile bytes


def test_fuzzed_bundles_end_in_a_report(tmp_path):
    chance = random.Random(2025)
    for number, made in enumerate(Bundle(kind).files() for kind in ("case", "full") for _ in range(120)):
        name = chance.choice(sorted(made))
        data = bytearray(made[name])
        for _ in range(chance.randrange(1, 8)):
            place = chance.randrange(len(data) + 1)
            piece = chance.choice(
                [b"", b"[" * 3_000, b'"', b"\n", b"{}", b"null", chance.randbytes(9), b"1e9", b"9" * 5_000]
            )
            data[place : place + chance.choice([0, 1, 9, 200])] = piece
        changed = made | {name: bytes(data)}
        if changed == made:
            continue
        # With fresh sums a line of a witness in an earlier checkpoint may become a stranger's, which is no fault.
        if name not in ("bundle.json", "logs/1/checkpoints/6.txt"):
            changed = resummed(changed)
        assert verify(folder(tmp_path / str(number), changed), **KEYS).exit_status in (1, 2), (number, name)


@pytest.mark.parametrize("value", [None, [], {}, 7, "x", True, [[]], [{}], [None], {"a": {}}, -1, 2**52])
@pytest.mark.parametrize("name", ["bundle.json", "state.json", "removed.json", "evidence.json"])
def test_json_of_another_shape_ends_in_a_report(name, value, check):
    made = Bundle().files() | {name: packed(value)}
    assert check(resummed(made) if name != "bundle.json" else made).exit_status == 1


@pytest.mark.parametrize("key", sorted(json.loads(Bundle().files()["bundle.json"])))
@pytest.mark.parametrize("value", [None, [], {}, 7, "x", [[]], [{}], {"a": {}}])
def test_a_bundle_with_another_shape_inside_ends_in_a_report(key, value, check):
    made = Bundle().files()
    bundle = json.loads(made["bundle.json"]) | {key: value}
    assert check(made | {"bundle.json": packed(bundle)}).exit_status == 1


@pytest.mark.parametrize("name", ["logs/1/leaves.jsonl", "bodies.jsonl"])
def test_a_line_without_end_stops_at_its_limit(name, check):
    made = Bundle("full").files()
    assert check(resummed(made | {name: made[name] + b"x" * 2_000_000})).verdict == "fails"


# The command


def command(*words):
    run = [sys.executable, "-I", str(FILE), *map(str, words)]
    return subprocess.run(run, capture_output=True, text=True, check=False, timeout=60)


def test_the_command_reports_to_a_person_and_as_json(tmp_path):
    path = zipped(tmp_path / "bundle.zip", Bundle().files())
    (tmp_path / "key").write_text(LOG.vkey + "\n")
    (tmp_path / "known").write_bytes(note(LEAVES[:6]))
    done = command(path, "--key", f"@{tmp_path / 'key'}", "--known", tmp_path / "known", "--json", tmp_path / "report")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Verdict: holds" in done.stdout
    assert "Not checked: Witnesses" in done.stdout
    report = json.loads((tmp_path / "report").read_text())
    assert list(report) == ["verdict", "origin", "size", "root", "checks", "first_bad", "not_checked"]
    done = command(path, "--key", STRANGER.vkey, "--json", "-")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "fails")


def test_the_command_names_the_first_bad_entry(tmp_path):
    path = folder(tmp_path / "bundle", Bundle(shown=[1, 3, 4, 7, 8, 11]).files())
    done = command(path, "--key", tmp_path / "missing", "--key", LOG.vkey)
    assert done.returncode == 2
    done = command(path, "--key", LOG.vkey, "--witness", WITNESS.vkey, "--quorum", "1")
    assert done.returncode == 1
    assert f"index 8, entry {identity(8)}" in done.stdout


def test_the_command_could_not_check_what_it_cannot_read(tmp_path):
    (tmp_path / "text").write_text("no bundle")
    good = folder(tmp_path / "good", Bundle().files())
    for words in (
        [tmp_path / "nothing", "--key", LOG.vkey],
        [tmp_path / "text", "--key", LOG.vkey],
        [good],
        [good, "--key", "x"],
        [good, "--key", WITNESS.vkey],
        [good, "--key", LOG.vkey, "--quorum", "1"],
        [good, "--key", LOG.vkey, "--known", tmp_path / "nothing"],
        [good, "--key", LOG.vkey, "--max-age", "soon"],
        [good, "--key", LOG.vkey, "--json", tmp_path / "no" / "folder"],
    ):
        done = command(*words)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_the_one_file_needs_only_the_standard_library_and_cryptography():
    imported = set()
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert not imported & {"socket", "urllib", "http", "ssl", "subprocess"}


def test_long_work_speaks_once_per_second_after_two(monkeypatch):
    clock, said = [0.0], []
    monkeypatch.setattr(verifier.time, "monotonic", lambda: clock[0])
    progress = verifier.Progress(said.append)
    for tenth in range(50):
        clock[0] = tenth / 10
        progress.tick("leaves", tenth, 50)
    assert said == ["leaves: 20 of 50", "leaves: 30 of 50", "leaves: 40 of 50"]
