import gzip
import time
import zlib

import pytest

from riskreview.lib.inflating import Damaged, Oversized, inflated

TEXT = b"The review goes on. " * 500


def pieces(body, size=100):
    return [body[i : i + size] for i in range(0, len(body), size)]


def test_a_plain_body_passes_through():
    assert inflated(pieces(TEXT), "", 100_000) == TEXT


def test_gzip_is_unpacked_across_chunks_and_members():
    packed = gzip.compress(TEXT) + b"\0" * 300 + gzip.compress(b"end")
    assert inflated(pieces(packed), "gzip", 100_000) == TEXT + b"end"


def test_a_body_of_exactly_the_cap_is_taken_and_one_byte_more_is_not():
    packed = pieces(gzip.compress(TEXT))
    assert inflated(packed, "gzip", len(TEXT)) == TEXT
    with pytest.raises(Oversized):
        inflated(packed, "gzip", len(TEXT) - 1)


def test_a_bomb_is_stopped_at_the_cap():
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(Oversized):
        inflated([bomb], "gzip", 100_000)


def test_a_body_that_ends_early_is_damaged():
    with pytest.raises(Damaged, match="cut off"):
        inflated([gzip.compress(TEXT)[:-20]], "gzip", 100_000)


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "zstd"])
def test_codings_nobody_asked_for_are_refused(coding):
    with pytest.raises(Damaged, match="not asked for"):
        inflated([TEXT], coding, 100_000)


def test_what_only_says_it_is_gzip_is_damaged():
    with pytest.raises(Damaged, match="cannot be unpacked"):
        inflated([zlib.compress(TEXT)], "gzip", 100_000)


def test_a_body_of_nothing_but_tiny_members_is_not_slow():
    body, since = gzip.compress(b"") * 250_000, time.process_time()
    assert inflated([body], "gzip", len(body)) == b""
    assert time.process_time() - since < 10
