"""Unpacks bodies from outside without ever holding more than a cap allows."""

import zlib
from collections.abc import Iterable, Iterator

_PIECE = 16_384


class Oversized(Exception):
    """The body passes the cap, packed or unpacked."""


class Damaged(Exception):
    """The body cannot be unpacked; the text says why in words for staff."""


def inflated(chunks: Iterable[bytes], coding: str, most: int, *, part: bool = False) -> bytes:
    """The body behind an HTTP content coding, at most `most` bytes of it.

    Understands no coding and gzip, also in several members. Raises Oversized, and Damaged for another or a nested
    coding, for broken data and, unless a `part` of it will do, for a body that ends early.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return _capped(chunks, most)
    if coding not in ("gzip", "x-gzip"):
        raise Damaged(f"The answer is packed in a way that was not asked for ({coding[:40]}).")
    try:
        return _capped(_gunzipped(chunks, most, part), most)
    except zlib.error as error:
        raise Damaged("The answer says it is packed with gzip but cannot be unpacked.") from error


def _capped(chunks: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise Oversized
    return bytes(body)


def _gunzipped(chunks: Iterable[bytes], most: int, part: bool) -> Iterator[bytes]:
    packed = 0
    member = None
    for piece in _pieces(chunks):
        packed += len(piece)
        if packed > most:
            raise Oversized
        data = piece
        while data:
            if member is None or member.eof:
                # Padding between members is legal.
                data = data.lstrip(b"\0") if member else data
                member = zlib.decompressobj(31) if data else member
                continue
            # One byte over the cap is enough for the caller to see that the cap is passed.
            yield member.decompress(data, most + 1)
            data = member.unconsumed_tail or member.unused_data
    if member and not member.eof and not part:
        raise Damaged("The answer was cut off before its end.")


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks in small pieces: what follows a member is copied, and a body may be nothing but tiny members."""
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]
