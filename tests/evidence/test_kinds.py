"""What the register knows of the kinds of source: addresses, settings, credentials."""

import pytest

from riskreview.audit.refusals import NotNow
from riskreview.evidence import kinds
from riskreview.evidence.kinds import About, Setting

WEB = About("TEST_WEB", "Test service", "Any.", "https://api.example/v1", (Setting("query", "Query", required=True),
            Setting("section", "Section")), "REQUIRED")  # fmt: skip
DROP = About("TEST_DROP", "Test folder", "A folder.", road="FOLDER")


@pytest.fixture(autouse=True)
def _announced(monkeypatch):
    monkeypatch.setattr(kinds, "_known", dict(kinds._known))
    kinds.announce(WEB)
    kinds.announce(DROP)


def test_every_connector_has_announced_itself():
    assert {"RSS", "PAGE"} <= {about.key for about in kinds.every()}
    assert ("RSS", kinds.label("RSS")) in kinds.choices()


def test_a_kind_that_is_gone_is_shown_by_its_key():
    assert kinds.label("FAX") == "FAX"
    with pytest.raises(NotNow, match="FAX"):
        kinds.about("FAX")


def test_the_service_s_own_address_is_the_default():
    assert kinds.addressed("TEST_WEB", "  ") == "https://api.example/v1"
    assert kinds.addressed("TEST_WEB", "https://mirror.example/") == "https://mirror.example/"


@pytest.mark.parametrize("url", ["ftp://x.example/", "https://a:b@x.example/", "folder:mail", "javascript:alert(1)"])
def test_only_plain_web_addresses_are_taken(url):
    with pytest.raises(NotNow, match="plain http"):
        kinds.addressed("TEST_WEB", url)


@pytest.mark.parametrize(
    "url", ["", "mail", "folder:", "folder:../etc", "folder:a/b", "folder:.hidden", "https://x.example/"]
)
def test_a_folder_has_a_plain_name(url):
    with pytest.raises(NotNow, match="folder"):
        kinds.addressed("TEST_DROP", url)


def test_a_folder_with_a_plain_name_is_taken():
    assert kinds.addressed("TEST_DROP", "folder:news-letters.2") == "folder:news-letters.2"


def test_settings_are_kept_without_blanks_and_empty_ones_left_out():
    assert kinds.configured("TEST_WEB", {"query": " ai act ", "section": ""}) == {"query": "ai act"}


@pytest.mark.parametrize(
    ("config", "words"),
    [({}, "Query"), ({"query": "x", "colour": "red"}, "colour"), ({"query": "x" * 2_001}, "2,000 characters")],
)
def test_settings_that_do_not_fit_are_refused_in_words(config, words):
    with pytest.raises(NotNow, match=words):
        kinds.configured("TEST_WEB", config)


@pytest.mark.parametrize(
    ("key", "credential", "words"),
    [
        ("TEST_WEB", "", "needs a credential"),
        ("TEST_WEB", "Hunter2!", "not the secret"),
        ("TEST_WEB", "../key", "not the secret"),
        ("TEST_DROP", "mailbox", "takes no credential"),
    ],
)
def test_credentials_that_do_not_fit_are_refused_in_words(key, credential, words):
    with pytest.raises(NotNow, match=words):
        kinds.credited(key, credential)


def test_the_name_of_a_credential_is_taken():
    assert kinds.credited("TEST_WEB", " guardian-1 ") == "guardian-1"
