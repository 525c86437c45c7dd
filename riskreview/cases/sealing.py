"""The seal of a dossier: a Merkle tree with one salted leaf for each path, so that parts can be shown alone.

A leaf binds a path to its value: SHA-256 over 0x00, the salt and the canonical bytes of `[path, value]`. Salts are made
of the dossier's secret key, so whoever is not given the salt of a leaf cannot guess a short value from its hash. Inner
nodes are those of RFC 9162 section 2.1. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from riskreview.audit import canonical
from riskreview.audit.verifier import node_hash

Content = Mapping[str, Any]


def new_key() -> str:
    """A secret for one dossier: 32 random bytes, in hex."""
    return secrets.token_hex(32)


def salt(key: str, path: str) -> bytes:
    """The salt of one leaf."""
    return hmac.digest(bytes.fromhex(key), path.encode(), "sha256")


def leaf(salted: bytes, path: str, value: Any) -> bytes:
    """The hash of one path and its value. Raises `TypeError` for what the canonical profile does not hold."""
    return hashlib.sha256(b"\x00" + salted + canonical.encode([path, value])).digest()


def root(content: Content, key: str) -> str:
    """The digest of a dossier, in hex: over its paths in order."""
    return over([leaf(salt(key, path), path, content[path]) for path in sorted(content)])


def over(leaves: Sequence[bytes]) -> str:
    """The root over leaves in their order, in hex."""
    return _root(leaves).hex() if leaves else hashlib.sha256().hexdigest()


def disclosed(content: Content, key: str, hidden: Collection[str]) -> list[dict[str, Any]]:
    """The dossier for other eyes: per path its value and salt, or for a hidden one the hash of its leaf alone."""
    return [_told(content, key, path, path in hidden) for path in sorted(content)]


def root_of(told: Sequence[Mapping[str, Any]]) -> str:
    """The digest that a disclosed dossier stands for. Raises `ValueError` for a line neither told nor hidden."""
    return over([_leaf_of(line) for line in told])


def _told(content: Content, key: str, path: str, is_hidden: bool) -> dict[str, Any]:
    salted = salt(key, path)
    if is_hidden:
        return {"hash": leaf(salted, path, content[path]).hex()}
    return {"path": path, "salt": salted.hex(), "value": content[path]}


def _leaf_of(line: Mapping[str, Any]) -> bytes:
    match line:
        case {"path": str(path), "salt": str(salted), "value": value}:
            return leaf(bytes.fromhex(salted), path, value)
        case {"hash": str(hashed)} if len(line) == 1:
            return bytes.fromhex(hashed)
    raise ValueError("A line shows a path with its salt and value, or the hash of what is hidden.")


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(_root(leaves[:middle]), _root(leaves[middle:]))
