from riskreview.lib.hashing import sha256_hex


def test_it_is_the_published_digest_of_abc():
    # FIPS 180-4, example B.1
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
