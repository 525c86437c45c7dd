"""The prover of the ledger's tree (RFC 9162 section 2.1): roots and proofs from the hashes that somebody else keeps.

Nothing here reads a table: a `Fetch` is handed in. Checking a proof is the auditor's part and lives in `verifier`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from .verifier import node_hash

# (level, index) → hash of the complete subtree over the leaves [index << level, (index + 1) << level).
Fetch = Callable[[int, int], bytes]

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


def subtree(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4, 8 … sibling hashes. Raises `ValueError` for any other number of them."""
    if len(hashes).bit_count() != 1:
        raise ValueError(f"a complete subtree has a power of two of hashes, not {len(hashes)}")
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def cover(begin: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees (level, index) that make up [begin, end), left to right, as RFC 9162 splits a range.

    `begin` must lie where the RFC's splitting can put it: on a multiple of the largest subtree of the range.
    """
    if not 0 <= begin < end:
        raise ValueError(f"[{begin}, {end}) is not a range of leaves")
    if begin % (1 << _height(end - begin)):
        raise ValueError(f"no tree splits at leaf {begin} into a range of {end - begin}")
    pieces = []
    while begin < end:
        level = _height(end - begin)
        pieces.append((level, begin >> level))
        begin += 1 << level
    return pieces


def root(size: int, fetch: Fetch) -> bytes:
    """The Merkle Tree Hash of the first `size` leaves (RFC 9162 section 2.1.1); SHA-256 of nothing for none."""
    if size < 0:
        raise ValueError(f"no tree has {size} leaves")
    return _hash(0, size, fetch) if size else hashlib.sha256().digest()


def inclusion_proof(index: int, size: int, fetch: Fetch) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = _split(begin, end)
        if index < middle:
            path.append(_hash(middle, end, fetch))
            end = middle
        else:
            path.append(_hash(begin, middle, fetch))
            begin = middle
    return path[::-1]


def consistency_proof(size1: int, size2: int, fetch: Fetch) -> list[bytes]:
    """The proof that the first `size1` of `size2` leaves are the earlier tree (RFC 9162 section 2.1.4.1).

    Empty for equal sizes. An empty earlier tree proves nothing, so `size1` is at least 1.
    """
    if not 1 <= size1 <= size2:
        raise ValueError(f"no consistency proof leads from {size1} to {size2} leaves")
    begin, end, path = 0, size2, []
    while end != size1:
        middle = _split(begin, end)
        if size1 <= middle:
            path.append(_hash(middle, end, fetch))
            end = middle
        else:
            path.append(_hash(begin, middle, fetch))
            begin = middle
    # Whoever checks knows the earlier root already; the proof starts with a node only where that root is not one.
    return ([_hash(begin, end, fetch)] if begin else []) + path[::-1]


def tile_of(level: int, index: int) -> tuple[int, int, int, int]:
    """Which hashes of which tile (C2SP tlog-tiles) make up a node: (tile level, tile index, offset, count).

    `subtree` of these `count` hashes is the node. A tile may still be partial where the node is complete: then the
    node's hash comes from the tiles one level below.
    """
    if level < 0 or index < 0:
        raise ValueError(f"there is no node {index} on level {level}")
    tile_level, above = divmod(level, TILE_HEIGHT)
    tile_index, offset = divmod(index << above, TILE_WIDTH)
    return tile_level, tile_index, offset, 1 << above


def tiles_completed(size1: int, size2: int) -> list[tuple[int, int]]:
    """The full tiles (tile level, tile index) that are new from `size1` to `size2` leaves, lower levels first."""
    if not 0 <= size1 <= size2:
        raise ValueError(f"a tree does not grow from {size1} to {size2} leaves")
    tiles, level = [], 0
    while (size2 := size2 // TILE_WIDTH) > 0:
        size1 //= TILE_WIDTH
        tiles += [(level, index) for index in range(size1, size2)]
        level += 1
    return tiles


def _hash(begin: int, end: int, fetch: Fetch) -> bytes:
    """The Merkle Tree Hash of the leaves [begin, end): the pieces, folded from the right."""
    *rest, last = cover(begin, end)
    found = fetch(*last)
    for piece in reversed(rest):
        found = node_hash(fetch(*piece), found)
    return found


def _height(count: int) -> int:
    """The level of the largest complete subtree within `count` leaves."""
    return count.bit_length() - 1


def _split(begin: int, end: int) -> int:
    """Where RFC 9162 divides [begin, end): after the largest power of two that is smaller than its length."""
    return begin + (1 << _height(end - begin - 1))
