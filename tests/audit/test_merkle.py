"""The prover of the tree equals the RFC's own recursion, and the verifier believes it and nothing near it."""

import functools
import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskreview.audit import merkle
from riskreview.audit.verifier import (
    Frontier,
    Malformed,
    ProofFailed,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
)

SMALL, LARGE = 64, 3000
LEAVES = [leaf_hash(str(number).encode()) for number in range(LARGE)]


# RFC 9162 section 2.1, written down as it stands there: D[begin:end] instead of copies of the list.


@functools.cache
def mth(begin, end):
    if begin == end:
        return hashlib.sha256(b"").digest()
    if end - begin == 1:
        return LEAVES[begin]
    k = split(end - begin)
    return node_hash(mth(begin, begin + k), mth(begin + k, end))


def path(m, begin, end):
    if end - begin == 1:
        return []
    k = split(end - begin)
    if m < k:
        return [*path(m, begin, begin + k), mth(begin + k, end)]
    return [*path(m - k, begin + k, end), mth(begin, begin + k)]


def subproof(m, begin, end, b):
    if m == end - begin:
        return [] if b else [mth(begin, end)]
    k = split(end - begin)
    if m <= k:
        return [*subproof(m, begin, begin + k, b), mth(begin + k, end)]
    return [*subproof(m - k, begin + k, end, False), mth(begin, begin + k)]


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def fetch(level, index):
    """The hash of a complete subtree; beyond the leaves there is none."""
    assert (index + 1) << level <= LARGE
    return mth(index << level, (index + 1) << level)


def limited(size):
    """A fetch for a tree of this size, which refuses what is not complete in it."""

    def within(level, index):
        assert (index + 1) << level <= size
        return fetch(level, index)

    return within


pairs = st.integers(1, LARGE).flatmap(lambda size: st.tuples(st.integers(1, size), st.just(size)))


def test_the_root_is_the_rfcs_for_every_small_size():
    for size in range(SMALL + 1):
        assert merkle.root(size, limited(size)) == mth(0, size)


def test_the_root_is_the_verifiers_own():
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES[:300], start=1):
        frontier.append(leaf)
        assert merkle.root(size, fetch) == frontier.root()


def test_every_small_inclusion_proof_is_the_rfcs_and_is_believed():
    for size in range(1, SMALL + 1):
        for index in range(size):
            proof = merkle.inclusion_proof(index, size, limited(size))
            assert proof == path(index, 0, size)
            check_inclusion(index, size, LEAVES[index], proof, mth(0, size))


def test_every_small_consistency_proof_is_the_rfcs_and_is_believed():
    for size2 in range(1, SMALL + 1):
        for size1 in range(1, size2 + 1):
            proof = merkle.consistency_proof(size1, size2, limited(size2))
            assert proof == subproof(size1, 0, size2, True)
            check_consistency(size1, size2, proof, mth(0, size1), mth(0, size2))


@given(pairs)
@settings(deadline=None)
def test_proofs_in_larger_trees_are_the_rfcs_and_are_believed(pair):
    size1, size2 = pair
    inclusion = merkle.inclusion_proof(size1 - 1, size2, limited(size2))
    assert inclusion == path(size1 - 1, 0, size2)
    check_inclusion(size1 - 1, size2, LEAVES[size1 - 1], inclusion, mth(0, size2))
    consistency = merkle.consistency_proof(size1, size2, limited(size2))
    assert consistency == subproof(size1, 0, size2, True)
    check_consistency(size1, size2, consistency, mth(0, size1), mth(0, size2))


def mutations(proof):
    """Every proof one step away: a bit flipped, a hash dropped, doubled, cut short, swapped with its neighbour."""
    for at, found in enumerate(proof):
        yield [*proof[:at], bytes([found[0] ^ 1]) + found[1:], *proof[at + 1 :]]
        yield [*proof[:at], found[:31] + bytes([found[31] ^ 0x80]), *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], found, *proof[at:]]
        yield [*proof[:at], found[:-1], *proof[at + 1 :]]
    for at in range(len(proof) - 1):
        yield [*proof[:at], proof[at + 1], proof[at], *proof[at + 2 :]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]


def refused(check, *arguments):
    with pytest.raises((ProofFailed, Malformed)):
        check(*arguments)


def test_no_mutated_inclusion_proof_is_believed():
    tried = 0
    for size in range(1, 34):
        for index in range(size):
            for proof in mutations(path(index, 0, size)):
                refused(check_inclusion, index, size, LEAVES[index], proof, mth(0, size))
                tried += 1
    assert tried > 10_000


def test_no_mutated_consistency_proof_is_believed():
    tried = 0
    for size2 in range(1, 34):
        for size1 in range(1, size2 + 1):
            for proof in mutations(subproof(size1, 0, size2, True)):
                refused(check_consistency, size1, size2, proof, mth(0, size1), mth(0, size2))
                tried += 1
    assert tried > 10_000


@given(pairs, st.data())
@settings(deadline=None)
def test_no_mutated_proof_in_a_larger_tree_is_believed(pair, data):
    size1, size2 = pair
    proof = data.draw(st.sampled_from(list(mutations(merkle.inclusion_proof(size1 - 1, size2, fetch)))))
    refused(check_inclusion, size1 - 1, size2, LEAVES[size1 - 1], proof, mth(0, size2))
    proof = data.draw(st.sampled_from(list(mutations(merkle.consistency_proof(size1, size2, fetch)))))
    refused(check_consistency, size1, size2, proof, mth(0, size1), mth(0, size2))


def test_a_proof_is_for_its_own_leaf_and_roots_only():
    for size in range(2, 34):
        for index in range(size):
            proof, other = path(index, 0, size), (index + 1) % size
            refused(check_inclusion, index, size, LEAVES[other], proof, mth(0, size))
            refused(check_inclusion, index, size, LEAVES[index], proof, mth(1, size + 1))
        for size1 in range(1, size):
            proof = subproof(size1, 0, size, True)
            refused(check_consistency, size1, size, proof, mth(1, size1 + 1), mth(0, size))
            refused(check_consistency, size1, size, proof, mth(0, size1), mth(1, size + 1))


@pytest.mark.parametrize(
    ("index", "size"), [(-1, 1), (0, 0), (1, 1), (8, 8), (9, 8)], ids=["negative", "empty", "one", "end", "beyond"]
)
def test_there_is_no_proof_of_a_leaf_outside_of_the_tree(index, size):
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.inclusion_proof(index, size, fetch)


@pytest.mark.parametrize(("size1", "size2"), [(0, 0), (0, 5), (-1, 5), (6, 5)])
def test_there_is_no_consistency_with_an_empty_or_larger_tree(size1, size2):
    with pytest.raises(ValueError, match="no consistency proof"):
        merkle.consistency_proof(size1, size2, fetch)


def test_there_is_no_root_of_less_than_nothing():
    with pytest.raises(ValueError, match="no tree has -1 leaves"):
        merkle.root(-1, fetch)


def test_a_proof_takes_few_hashes():
    taken = []

    def counting(level, index):
        taken.append((level, index))
        return bytes(32)

    size = 2**40 + 2**20 + 12345
    for index in (0, 1, 2**39, 2**40, size - 1):
        taken.clear()
        assert len(merkle.inclusion_proof(index, size, counting)) <= 41
        # A sibling on the right edge is itself made of pieces.
        assert len(taken) == len(set(taken)) <= 2 * 41
        taken.clear()
        assert len(merkle.consistency_proof(index + 1, size, counting)) <= 42
        assert len(taken) == len(set(taken)) <= 2 * 41


# Pieces


def test_a_cover_is_what_the_recursion_splits_into():
    assert merkle.cover(0, 1) == [(0, 0)]
    assert merkle.cover(0, 8) == [(3, 0)]
    assert merkle.cover(0, 7) == [(2, 0), (1, 2), (0, 6)]
    assert merkle.cover(8, 13) == [(2, 2), (0, 12)]


def test_a_cover_lies_side_by_side_and_goes_down():
    for size in range(1, 200):
        pieces = merkle.cover(0, size)
        leaves = [leaf for level, index in pieces for leaf in range(index << level, (index + 1) << level)]
        assert leaves == list(range(size))
        assert [level for level, _ in pieces] == sorted({level for level, _ in pieces}, reverse=True)


@pytest.mark.parametrize(("begin", "end"), [(0, 0), (3, 2), (-1, 1), (1, 3), (4, 12)])
def test_a_cover_is_of_a_range_that_a_tree_splits_into(begin, end):
    with pytest.raises(ValueError, match=r"is not a range|no tree splits"):
        merkle.cover(begin, end)


def test_a_subtree_is_over_a_power_of_two_of_hashes():
    for level in range(9):
        assert merkle.subtree(LEAVES[: 1 << level]) == mth(0, 1 << level)
    for count in (0, 3, 5, 6, 7, 255):
        with pytest.raises(ValueError, match="a power of two"):
            merkle.subtree(LEAVES[:count])


# Tiles (C2SP tlog-tiles)


def hashes_of_tile(level, index):
    """A full tile by its definition: 256 hashes of subtrees of height 8 × level."""
    height = merkle.TILE_HEIGHT * level
    return [fetch(height, at) for at in range(index * merkle.TILE_WIDTH, (index + 1) * merkle.TILE_WIDTH)]


@pytest.mark.parametrize(
    ("node", "tile"),
    [
        ((0, 0), (0, 0, 0, 1)),
        ((0, 256), (0, 1, 0, 1)),
        ((0, 70_000), (0, 273, 112, 1)),
        ((3, 33), (0, 1, 8, 8)),
        ((7, 1), (0, 0, 128, 128)),
        ((8, 0), (1, 0, 0, 1)),
        ((8, 300), (1, 1, 44, 1)),
        ((9, 1), (1, 0, 2, 2)),
        ((16, 5), (2, 0, 5, 1)),
    ],
)
def test_a_node_lies_in_a_tile(node, tile):
    assert merkle.tile_of(*node) == tile


def test_a_nodes_tile_gives_its_hash():
    full = [hashes_of_tile(0, index) for index in range(LARGE // 256)]
    for level in range(merkle.TILE_HEIGHT):
        for index in range((len(full) * 256) >> level):
            tile_level, tile_index, offset, count = merkle.tile_of(level, index)
            assert tile_level == 0
            assert merkle.subtree(full[tile_index][offset : offset + count]) == fetch(level, index)


@given(st.integers(0, 62), st.integers(0, 2**62))
def test_a_node_never_straddles_two_tiles(level, index):
    tile_level, tile_index, offset, count = merkle.tile_of(level, index)
    assert 0 <= offset < offset + count <= merkle.TILE_WIDTH
    first = (tile_index * merkle.TILE_WIDTH + offset) << (merkle.TILE_HEIGHT * tile_level)
    assert first == index << level
    assert count << (merkle.TILE_HEIGHT * tile_level) == 1 << level


@pytest.mark.parametrize("node", [(-1, 0), (0, -1)])
def test_there_is_no_tile_of_no_node(node):
    with pytest.raises(ValueError, match="there is no node"):
        merkle.tile_of(*node)


def test_tiles_are_completed_from_below():
    assert merkle.tiles_completed(0, 255) == []
    assert merkle.tiles_completed(0, 256) == [(0, 0)]
    assert merkle.tiles_completed(255, 256) == [(0, 0)]
    assert merkle.tiles_completed(256, 511) == []
    assert merkle.tiles_completed(100, 800) == [(0, 0), (0, 1), (0, 2)]
    assert merkle.tiles_completed(65_535, 65_536) == [(0, 255), (1, 0)]
    assert merkle.tiles_completed(2**24 - 1, 2**24) == [(0, 65_535), (1, 255), (2, 0)]


def test_tiles_in_steps_are_tiles_at_once():
    sizes = sorted(random.Random(7).sample(range(140_000), 40))
    steps = [
        tile
        for before, after in zip([0, *sizes], sizes, strict=False)
        for tile in merkle.tiles_completed(before, after)
    ]
    assert sorted(steps) == sorted(merkle.tiles_completed(0, sizes[-1]))
    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize(("size1", "size2"), [(-1, 3), (4, 3)])
def test_a_tree_does_not_shrink(size1, size2):
    with pytest.raises(ValueError, match="does not grow"):
        merkle.tiles_completed(size1, size2)
