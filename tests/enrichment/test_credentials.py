"""Secrets of sources: read from files, and sent to the hosts they are meant for."""

import pytest

from riskreview.enrichment.credentials import secret
from riskreview.enrichment.sources import KINDS, Misset

NEWSAPI = KINDS["NEWSAPI"].ABOUT


@pytest.fixture
def root(tmp_path, settings):
    settings.CREDENTIALS_ROOT = str(tmp_path)
    (tmp_path / "news").write_text("hunter2\n")
    return tmp_path


def test_a_secret_goes_to_the_service_itself(root):
    assert secret("news", NEWSAPI.address, NEWSAPI) == "hunter2"


@pytest.mark.parametrize(
    "url", ["https://evil.example/v2", "http://127.0.0.1:8080/", "https://newsapi.org.evil.example/"]
)
def test_a_secret_goes_nowhere_else(root, url):
    with pytest.raises(Misset, match="not meant for"):
        secret("news", url, NEWSAPI)


def test_the_operator_says_where_else(root):
    (root / "news.hosts").write_text("mirror.example\n127.0.0.1:8080\n")
    assert secret("news", "https://mirror.example/v2", NEWSAPI) == "hunter2"
    assert secret("news", "http://127.0.0.1:8080/", NEWSAPI) == "hunter2"


@pytest.mark.parametrize("name", ["nothing", "../news", "news.hosts", "News"])
def test_a_secret_that_is_not_there_is_said_to_be_missing(root, name):
    with pytest.raises(Misset, match="keeps no credential"):
        secret(name, NEWSAPI.address, NEWSAPI)


def test_no_name_is_no_secret(settings):
    settings.CREDENTIALS_ROOT = ""
    assert secret("", "https://anywhere.example/", NEWSAPI) == ""
