"""The tree of a log as the database holds it: any node, any proof, from full tiles and the leaves after them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from . import merkle
from .models import Leaf, Log, Tile
from .verifier import Frontier

HASH = 32


class Tree:
    """Reads the nodes of one log. Keeps the tiles it read, so use one for a batch of proofs and let it go."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._tile = lru_cache(maxsize=1_024)(self._read_tile)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that a leaf stands in the tree of this size (RFC 9162, 2.1.3)."""
        return merkle.inclusion_proof(index, size, self.node)

    def consistency(self, size1: int, size2: int) -> list[bytes]:
        """The proof that the tree of the smaller size is a beginning of the larger (RFC 9162, 2.1.4)."""
        return merkle.consistency_proof(size1, size2, self.node)

    def root(self, size: int) -> bytes:
        """The root of the tree at a size."""
        return merkle.root(size, self.node)

    def frontier(self, size: int) -> Frontier:
        """Where the tree of this size grows on."""
        return Frontier(size, [self.node(*piece) for piece in merkle.cover(0, size)] if size else [])

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree over the leaves [index << level, (index + 1) << level)."""
        tile_level, tile_index, offset, count = merkle.tile_of(level, index)
        return merkle.subtree(self.hashes(tile_level, tile_index)[offset : offset + count])

    def hashes(self, level: int, index: int) -> Sequence[bytes]:
        """The hashes of one tile: from its row when it is full, else as many as there are, made from below."""
        return self._tile(level, index)

    def _read_tile(self, level: int, index: int) -> tuple[bytes, ...]:
        kept = Tile.objects.filter(log=self.log, level=level, index=index).first()
        if kept is not None:
            return hashes_of(kept)
        first = index * merkle.TILE_WIDTH
        if level == 0:
            return self._leaves(first, first + merkle.TILE_WIDTH)
        below = Tile.objects.filter(log=self.log, level=level - 1, index__gte=first)
        full = below.filter(index__lt=first + merkle.TILE_WIDTH).order_by("index").values_list("index", flat=True)
        return tuple(merkle.subtree(self.hashes(level - 1, each)) for each in full)

    def _leaves(self, begin: int, end: int) -> tuple[bytes, ...]:
        rows = Leaf.objects.filter(log=self.log, index__gte=begin, index__lt=end).order_by("index")
        return tuple(bytes(each) for each in rows.values_list("hash", flat=True))


def hashes_of(tile: Tile) -> tuple[bytes, ...]:
    """The hashes of a full tile."""
    data = bytes(tile.hashes)
    return tuple(data[place : place + HASH] for place in range(0, len(data), HASH))
