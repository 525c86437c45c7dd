"""The notary: every entry gets one place, and nothing is signed that does not continue what was signed before."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from riskreview.audit import entries, notary
from riskreview.audit.management.commands import notary as command
from riskreview.audit.memory import Memory
from riskreview.audit.models import Checkpoint, Entry, Leaf, Ledger, Log, Pending, Tile
from riskreview.audit.notary import Notary, Refused, sequence
from riskreview.audit.note import Signer
from riskreview.audit.tree import Tree
from riskreview.audit.verifier import Checkpoint as Parsed
from riskreview.audit.verifier import Frontier, Key, check_consistency, check_inclusion, leaf_hash
from tests import expect, make

pytestmark = pytest.mark.django_db


def tamper(statement, *values):
    """Change what triggers protect, as somebody who owns the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_leaf DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_log DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def acts(by, count):
    vendor = make.vendor(f"Vendor {Entry.objects.count()}", by=by)
    for number in range(count):
        vendor.rename(by=by, canonical_name=f"{vendor.slug} {number}")
    return vendor


def log():
    return Log.objects.get()


def test_every_entry_gets_one_place_in_order(alice, sign_log):
    acts(alice, 5)
    checkpoint = sign_log()
    headers = Entry.objects.order_by("leaf__index").values_list("header", flat=True)
    tree = Frontier()
    for header in headers:
        tree.append(leaf_hash(bytes(header)))
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(Entry.objects.count()))
    assert (tree.size, tree.root()) == (checkpoint.size, bytes(log().root))
    assert not Pending.objects.exists()


def test_the_first_entry_of_a_log_is_its_own_beginning(alice, sign_log):
    acts(alice, 1)
    sign_log()
    first = Leaf.objects.get(index=0).entry
    assert (first.verb, first.seq, first.actor.is_system) == ("ledger.begin_log", 1, True)
    assert first.private["arguments"]["origin"] == log().origin


def test_the_checkpoint_is_signed_by_the_key_the_log_announces(alice, sign_log):
    checkpoint = sign_log()
    parsed = Parsed.parse(checkpoint.note.encode())
    assert parsed.signed_by(Key.parse(log().vkeys[0]))
    assert (parsed.origin, parsed.size, parsed.root) == (log().origin, log().size, bytes(log().root))


def test_nothing_new_is_nothing_to_sign(sign_log, notary):
    sign_log()
    assert notary.sign(log()) is None
    assert Checkpoint.objects.count() == 1


def test_proofs_of_every_entry_and_size_hold(alice, sign_log):
    sizes = []
    for number in range(4):
        make.vendor(f"Vendor {number}", by=alice)
        sizes.append(sign_log())
    tree, newest = Tree(log()), sizes[-1]
    for leaf in Leaf.objects.all():
        check_inclusion(
            leaf.index, newest.size, bytes(leaf.hash), tree.inclusion(leaf.index, newest.size), tree.root(newest.size)
        )
    for earlier in sizes[:-1]:
        proof = tree.consistency(earlier.size, newest.size)
        check_consistency(
            earlier.size, newest.size, proof, Parsed.parse(earlier.note.encode()).root, tree.root(newest.size)
        )


def test_full_tiles_are_kept_and_say_what_the_leaves_say(alice, sign_log, monkeypatch):
    acts(alice, 270)
    sign_log()
    tile = Tile.objects.get()
    leaves = Leaf.objects.order_by("index").values_list("hash", flat=True)[:256]
    assert bytes(tile.hashes) == b"".join(bytes(each) for each in leaves)
    assert Tree(log()).root(log().size) == bytes(log().root)
    assert Tree(log()).frontier(log().size).root() == bytes(log().root)


def test_no_log_no_place(alice):
    acts(alice, 1)
    assert sequence() == 0
    assert Pending.objects.count() == Entry.objects.count()


def test_a_log_that_grew_in_between_is_left_alone(alice, sign_log):
    acts(alice, 1)
    sign_log()
    acts(alice, 2)
    stale = log()
    rows = [(entry.pk, bytes(entry.header)) for entry in Entry.objects.filter(pending__isnull=False).order_by("pk")]
    notary.grow(log(), rows[:1])
    with pytest.raises((notary.Raced, IntegrityError)), transaction.atomic():
        notary.grow(stale, rows[1:])
    assert log().size == stale.size + 1


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "UPDATE audit_entry SET header = set_byte(header, 40, get_byte(header, 40) # 1)",
            "not the hash of its header",
        ),
        ("UPDATE audit_leaf SET hash = sha256('other')", "not the hash of its header"),
        ("UPDATE audit_log SET root = sha256('other')", "the head was changed"),
        ("DELETE FROM audit_leaf WHERE index = (SELECT max(index) - 1 FROM audit_leaf)", "is missing"),
        ("UPDATE audit_log SET size = size + 1", "claims"),
    ],
)
def test_what_was_changed_before_signing_is_never_signed(alice, sign_log, notary, statement, why):
    sign_log()
    acts(alice, 3)
    sequence()
    tamper(statement)
    with pytest.raises(Refused, match=why):
        notary.sign(log())
    assert Checkpoint.objects.count() == 1
    assert why.split()[0] in log().trouble


def test_a_shorter_log_is_refused(alice, sign_log, notary):
    acts(alice, 3)
    sign_log()
    tamper("UPDATE audit_log SET size = size - 1")
    with pytest.raises(Refused, match="the database was put back"):
        notary.sign(log())


def test_a_lost_memory_is_refused_until_a_checkpoint_is_given_back(alice, sign_log, notary, tmp_path):
    acts(alice, 3)
    checkpoint = sign_log()
    forgetful = Notary(notary.origin, notary.signers, Memory(tmp_path / "fresh"))
    acts(alice, 1)
    sequence()
    with pytest.raises(Refused, match="is lost"):
        forgetful.sign(log())
    forgetful.trust(checkpoint.note.encode())
    assert forgetful.sign(log()).size == log().size
    assert log().trouble == ""


def test_an_older_memory_is_refused(alice, sign_log, notary):
    sign_log()
    older = notary.memory.path.read_bytes()
    acts(alice, 1)
    sign_log()
    notary.memory.path.write_bytes(older)
    acts(alice, 1)
    sequence()
    with pytest.raises(Refused, match="put back to an older copy"):
        notary.sign(log())


def test_only_one_copy_signs_at_a_time(alice, sign_log, notary):
    """A copy that stands still between remembering and signing holds nobody up, and nobody overtakes it."""
    sign_log()
    acts(alice, 1)
    sequence()
    with Memory(notary.memory.path).held() as alone:
        assert alone
        assert notary.sign(log()) is None
    assert notary.sign(log()).size == log().size


def test_the_memory_never_turns_back(alice, sign_log, notary):
    checkpoint = sign_log()
    acts(alice, 1)
    sign_log()
    with pytest.raises(Refused, match="needs two people"):
        notary.trust(checkpoint.note.encode())
    assert notary.memory.recall(log().origin).size == log().size


def test_a_damaged_memory_is_said_and_set_aside_for_a_checkpoint(alice, sign_log, notary):
    checkpoint = sign_log()
    notary.memory.path.write_bytes(b"nonsense\n")
    acts(alice, 1)
    sequence()
    with pytest.raises(Refused, match="is damaged"):
        notary.sign(log())
    assert "is damaged" in log().trouble
    notary.trust(checkpoint.note.encode())
    assert notary.sign(log()).size == log().size
    assert [path.read_bytes() for path in notary.memory.path.parent.glob("memory.damaged-*")] == [b"nonsense\n"]


def test_a_key_that_was_never_announced_signs_nothing(alice, sign_log, notary):
    sign_log()
    acts(alice, 1)
    sequence()
    notary.signers = [Signer.generate(notary.origin)]
    with pytest.raises(Refused, match="a key that the log does not announce"):
        notary.sign(log())
    assert Checkpoint.objects.count() == 1


def test_a_checkpoint_of_another_key_or_log_is_not_trusted(alice, sign_log, notary):
    checkpoint = sign_log()
    stranger = Notary(notary.origin, [Signer.generate(notary.origin)], notary.memory)
    with pytest.raises(Refused, match="not one that this notary signed"):
        stranger.trust(checkpoint.note.encode())


def test_after_a_crash_before_storing_the_same_head_is_signed_again(alice, sign_log, notary, monkeypatch):
    acts(alice, 2)
    notary.begin(entries.now().at)
    sequence()
    monkeypatch.setattr(Notary, "_store", lambda *_: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError, match="killed"):
        notary.sign(log())
    monkeypatch.undo()
    assert notary.sign(log()).size == log().size
    assert notary.memory.recall(log().origin).size == log().size


def test_a_final_decision_is_signed_at_once(alice, bob, sign_log, notary):
    case = make.case(by=alice, status="AWAITING_APPROVAL")
    sign_log()
    make.vendor("Qwen", by=alice)
    sequence()
    now = entries.now().at
    assert not notary.is_due(log(), 60, now)
    assert notary.is_due(log(), 60, now + datetime.timedelta(seconds=61))
    make.approval(case, by=bob)
    sequence()
    assert notary.is_due(log(), 60, now)


def test_a_new_year_begins_a_new_log_that_holds_the_end_of_the_old(alice, sign_log, notary):
    acts(alice, 2)
    sign_log()
    acts(alice, 1)
    sequence()
    size, next_year = log().size, entries.now().at.replace(month=1, day=1) + datetime.timedelta(days=370)
    fresh = notary.begin(next_year)
    old = Log.objects.get(number=1)
    assert (old.open, fresh.number, fresh.origin) == (False, 2, f"{notary.origin}/{next_year.year}")
    first = Leaf.objects.get(log=fresh, index=0).entry
    end = Parsed.parse(first.private["arguments"]["checkpoint"].encode())
    assert (end.origin, end.size, end.root) == (old.origin, size, bytes(old.root))
    acts(alice, 1)
    assert sequence() == 2
    assert notary.sign(Log.objects.current()).log == fresh
    assert notary.begin(next_year) == fresh


def test_two_keys_sign_while_one_is_replaced(alice, carol, invite, sign_log, notary):
    from riskreview.accounts.roles import Role

    adam = invite("Adam", Role.ADMINISTRATOR)
    sign_log()
    fresh = Signer.generate(notary.origin)
    notary.signers = [*notary.signers, fresh]
    vkey = fresh.under(log().origin).vkey
    with expect.one_entry("ledger.rotate_key", by=adam, about=Ledger.objects.the()):
        Ledger.objects.the().rotate_key(by=adam, vkey=vkey, reason="The old one is a year old.")
    parsed = Parsed.parse(sign_log().note.encode())
    assert all(parsed.signed_by(Key.parse(each)) for each in log().vkeys)
    assert len(log().vkeys) == 2


class TestCommand:
    @pytest.fixture
    def described(self, settings, tmp_path):
        settings.NOTARY_ORIGIN = "riskreview.test/ledger"
        settings.NOTARY_KEY_FILES = [str(tmp_path / "key")]
        settings.NOTARY_MEMORY_FILE = str(tmp_path / "memory")
        return tmp_path

    def test_it_makes_a_key_orders_signs_and_ends(self, alice, described, capsys):
        call_command("notary", new_key=described / "key")
        acts(alice, 1)
        call_command("notary", once=True)
        told = capsys.readouterr().out
        assert log().vkeys[0] in told
        assert f"\n{log().size}\n" in told
        assert (described / "key").stat().st_mode & 0o777 == 0o600

    def test_it_says_what_is_missing(self, settings):
        settings.NOTARY_KEY_FILES = []
        with pytest.raises(CommandError, match="Set NOTARY_KEY_FILE"):
            call_command("notary", once=True)

    def test_it_refuses_a_key_that_others_can_read(self, described):
        call_command("notary", new_key=described / "key")
        (described / "key").chmod(0o644)
        with pytest.raises(CommandError, match="chmod 600"):
            call_command("notary", once=True)

    def test_it_ends_with_an_error_when_the_signer_refuses(self, alice, described):
        call_command("notary", new_key=described / "key")
        call_command("notary", once=True)
        acts(alice, 1)
        (described / "memory").unlink()
        with pytest.raises(CommandError, match="The signer refuses"):
            call_command("notary", once=True)

    def test_it_takes_a_checkpoint_back(self, alice, described):
        call_command("notary", new_key=described / "key")
        call_command("notary", once=True)
        (described / "note").write_text(Checkpoint.objects.get().note)
        (described / "memory").unlink()
        call_command("notary", trust=described / "note")
        acts(alice, 1)
        call_command("notary", once=True)
        assert Checkpoint.objects.count() == 2

    def test_it_tells_how_the_log_stands(self, alice, described, sign_log, capsys):
        sign_log()
        call_command("notary", status=True)
        acts(alice, 1)
        call_command("notary", status=True)
        told = capsys.readouterr().out
        assert "none waits" in told
        assert "some wait" in told
        later = entries.Moment(entries.now().at + datetime.timedelta(minutes=2), "1")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(command, "now", lambda: later)
            with pytest.raises(CommandError, match="has waited for 1"):
                call_command("notary", status=True)

    def test_it_goes_on_ordering_when_signing_cannot(self, alice, described, sign_log, monkeypatch):
        call_command("notary", new_key=described / "key")
        call_command("notary", once=True)
        acts(alice, 2)
        monkeypatch.setattr(Memory, "keep", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        monkeypatch.setattr(Notary, "is_due", lambda *_: True)
        command.Loop(command.signing_half(), sequencing=True).step()
        assert not Pending.objects.exists()
        assert "No space left" in log().trouble

    def test_it_tells_the_keys_of_a_year_to_come(self, described, capsys):
        call_command("notary", new_key=described / "key")
        capsys.readouterr()
        call_command("notary", show_keys=True, year=2031)
        assert capsys.readouterr().out.startswith("riskreview.test/ledger/2031+")

    def test_it_shows_the_public_keys(self, described, sign_log, capsys):
        sign_log()
        call_command("notary", show_keys=True)
        assert capsys.readouterr().out.split() == log().vkeys


@pytest.mark.django_db(transaction=True)
def test_copies_at_once_give_every_entry_one_place(alice, sign_log):
    sign_log()
    acts(alice, 40)

    def work():
        return sum(sequence(limit=7) for _ in range(12))

    placed = expect.at_once([work] * 4)
    while more := sequence():
        placed.append(more)
    assert sum(placed) == 41 == Entry.objects.count() - 2
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == list(range(43))
