"""What the signer remembers outlives a crash, and is never guessed at."""

import pytest

from riskreview.audit.memory import Memory, Remembered, Unreadable
from riskreview.audit.verifier import Frontier, leaf_hash


def head(size, origin="log"):
    tree = Frontier()
    for number in range(size):
        tree.append(leaf_hash(str(number).encode()))
    return Remembered(origin, size, tree.root(), tuple(tree.hashes))


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "memory")


def test_the_last_head_of_each_log_counts(memory):
    for size in (1, 2, 5):
        memory.keep(head(size))
    memory.keep(head(3, "other"))
    assert memory.recall("log") == head(5)
    assert memory.recall("other") == head(3, "other")
    assert memory.recall("none") is None


def test_a_torn_last_line_was_never_signed_for(memory):
    memory.keep(head(4))
    with memory.path.open("ab") as file:
        file.write(b'{"log": "log", "si')
    assert memory.recall("log") == head(4)
    memory.keep(head(5))
    assert memory.recall("log") == head(5)


@pytest.mark.parametrize("damage", [b"nonsense\n", b'{"log": "log"}\n', b"[]\n"])
def test_a_damaged_memory_is_not_guessed_at(memory, damage):
    memory.keep(head(4))
    memory.path.write_bytes(memory.path.read_bytes() + damage)
    with pytest.raises(Unreadable):
        memory.recall("log")


def test_a_frontier_that_does_not_give_the_root_is_damage(memory):
    memory.keep(head(4))
    memory.path.write_text(memory.path.read_text().replace('"frontier": ["', '"frontier": ["AAAA'))
    with pytest.raises(Unreadable):
        memory.recall("log")


def test_it_is_rewritten_when_large(memory):
    memory.LARGEST = 2_000
    for size in range(1, 30):
        memory.keep(head(size))
    assert memory.path.stat().st_size < 3_000
    assert memory.recall("log") == head(29)
