"""The address of a bucket: what is read from it, and what is refused without repeating a secret."""

import pytest

from riskreview.lib.buckets import Bucket


@pytest.mark.parametrize(
    ("address", "bucket"),
    [
        ("s3://evidence", Bucket("evidence")),
        ("s3://evidence/", Bucket("evidence")),
        ("s3://evidence/site/one/", Bucket("evidence", "site/one")),
        ("s3://evidence?region=eu-central-1", Bucket("evidence", region="eu-central-1")),
        (
            "s3://evidence/a?endpoint=https://store.example:9000/&addressing=path",
            Bucket("evidence", "a", "https://store.example:9000", addressing="path"),
        ),
        ("s3://ev.i-d3/a?endpoint=http%3A%2F%2F%5B::1%5D:9000", Bucket("ev.i-d3", "a", "http://[::1]:9000")),
    ],
)
def test_it_is_read(address, bucket):
    assert Bucket.parse(address) == bucket


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "is written as s3://"),
        ("evidence", "is written as s3://"),
        ("https://evidence/a", "is written as s3://"),
        ("s3:///a", "is written as s3://"),
        ("s3://KEY:SECRET@evidence", "Keys do not belong"),
        ("s3://evidence?endpoint=https://KEY:SECRET@store.example", "Keys do not belong"),
        ("s3://evidence?secret=SECRET", "one may say endpoint, region, addressing"),
        ("s3://evidence?region=a&region=b", "each once"),
        ("s3://SECRET", "The bucket's name"),
        ("s3://ab", "The bucket's name"),
        ("s3://evidence:9000", "The bucket's name"),
        ("s3://evidence/../SECRET", "The folder"),
        ("s3://evidence/a//SECRET", "The folder"),
        ("s3://evidence/%2e%2e/SECRET", "The folder"),
        ("s3://evidence/SECRET key", "The folder"),
        ("s3://evidence?endpoint=store.example", "The endpoint is"),
        ("s3://evidence?endpoint=ftp://SECRET", "The endpoint is"),
        ("s3://evidence?endpoint=https://store.example/SECRET", "The endpoint is"),
        ("s3://evidence?endpoint=https://store.example:SECRET", "The endpoint is"),
        ("s3://evidence?endpoint=https://store.example:99999", "The endpoint is"),
        ("s3://evidence?region=", "The region"),
        ("s3://evidence?addressing=SECRET", "The addressing"),
    ],
)
def test_what_is_no_address_is_refused_in_words(address, says):
    with pytest.raises(ValueError, match=says) as refused:
        Bucket.parse(address)
    assert "SECRET" not in str(refused.value)
