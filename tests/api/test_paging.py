"""Lists by page number."""

import pytest

from tests import make


@pytest.fixture
def client(api, alice):
    for name in ("Alibaba", "ByteDance", "DeepSeek"):
        make.vendor(name, by=alice)
    return api(alice)


def test_pages_follow_each_other(client):
    first = client.get("/api/v1/vendors/?page_size=2").json()
    second = client.get(first["next"]).json()

    assert (first["count"], first["previous"], second["next"]) == (3, None, None)
    names = [row["canonical_name"] for page in (first, second) for row in page["results"]]
    assert names == ["Alibaba", "ByteDance", "DeepSeek"]


@pytest.mark.parametrize("wrong", ["page=0", "page=x", "page=-1", "page_size=201", "page_size=", "page=1e3", "page=１"])
def test_a_number_that_is_none_is_400(client, wrong):
    answer = client.get(f"/api/v1/vendors/?{wrong}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == wrong.partition("=")[0]


def test_past_the_end_is_404(client):
    answer = client.get("/api/v1/vendors/?page=2")

    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no page 2: the list has 1.")
