"""Every address answers, for the right people, with the right headers; and nothing answers that is not listed here."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from riskreview.audit.models import Entry
from riskreview.web import urls as web_urls

pytestmark = pytest.mark.django_db

PUBLIC = {"login", "healthz", "accessibility"}
SIGNED_IN = {"logout", "preferences", "help", "health"}
POSTS = {
    "logout", "preferences", "token-revoke", "case-assign", "case-reschedule", "case-add-exhibit", "case-add-finding",
    "case-hold", "case-resume", "case-submit", "case-revise", "case-send-back", "case-withdraw", "case-reopen",
    "suggestion-accept", "suggestion-dismiss", "suggestion-restore", "source-grade", "source-pause", "source-unpause",
    "source-collect-now", "vendor-rename", "vendor-add-alias", "vendor-add-product", "vendor-relate",
    "incident-involve", "incident-cite", "incident-reassess",
}  # fmt: skip
NAMES = [pattern.name for pattern in web_urls.urlpatterns]
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
}  # fmt: skip


@pytest.fixture
def address(everything):
    """The address of a named page, about one of everything."""
    newest = everything["document"].newest
    arguments = {
        "case": [everything["case"].ref],
        "suggestion": [everything["suggestion"].pk],
        "source": [everything["source"].pk],
        "vendor": [everything["vendor"].slug],
        "incident": [everything["incident"].ref],
        "document": [everything["document"].pk],
        "document-raw": [everything["document"].pk, newest.pk],
        "entry": [Entry.objects.newest_first().first().uuid],
        "token-revoke": ["00000000-0000-4000-8000-000000000000"],
    }
    bare = {"case-open", "source-register", "vendor-register", "incident-report", "token-issue"}

    def of(name: str) -> str:
        return reverse(name, args=[] if name in bare else arguments.get(name, arguments.get(name.partition("-")[0], [])))

    return of


def pages() -> list[str]:
    """Names of the pages one looks at."""
    return [name for name in NAMES if name not in POSTS]


def test_every_pattern_has_a_name():
    assert None not in NAMES
    assert {"home", "login", "queue", "case", "document"} <= set(get_resolver().reverse_dict) | set(NAMES)


@pytest.mark.parametrize("name", pages())
def test_a_page_answers(name, address, browse, carol):
    response = browse(carol).get(address(name))
    assert response.status_code == (302 if name in {"home", "login"} else 200)


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_asked_to_sign_in(name, address, anonymous):
    response = anonymous.get(address(name))
    if name in PUBLIC:
        assert response.status_code == 200
    else:
        assert response.status_code == 302
        assert response["Location"].startswith("/login/")


@pytest.mark.parametrize("name", NAMES)
def test_without_a_role_a_page_says_whom_to_ask(name, address, browse, erin):
    response = browse(erin).get(address(name))
    if name in PUBLIC | SIGNED_IN:
        assert b"no access yet" not in response.content
    else:
        assert response.status_code == 403
        assert b"Ask an administrator" in response.content


@pytest.mark.parametrize("name", sorted(POSTS))
def test_an_act_is_never_a_get(name, address, browse, carol):
    assert browse(carol).get(address(name)).status_code == 405


@pytest.mark.parametrize("name", [*pages(), "nowhere"])
def test_headers(name, address, browse, carol):
    response = browse(carol).get("/nowhere/" if name == "nowhere" else address(name))
    policy = response["Content-Security-Policy"]
    assert ("sandbox" in policy) if name == "document-raw" else set(policy.split("; ")) == CSP
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Request-ID"]
    assert name in PUBLIC or "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", pages())
def test_a_page_holds_no_inline_code(name, address, browse, carol):
    body = browse(carol).get(address(name)).content.decode("utf-8", "replace")
    assert not any(word in body for word in (" style=", "<style", " onclick=", " hx-on", "javascript:", "<script>"))


def test_what_is_not_there_is_404(browse, alice):
    client = browse(alice)
    for path in ("/cases/RR-2099-0001/", "/vendors/nobody/", "/evidence/99999999999999999999/", "/incidents/x/", "/sources/0/"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize("query", ["q=%00", "page=zzz", "page=-4", "state=NOPE&vendor=%27", "view=zz", "before=x", "actor=1",
                                   "since=2025-99-99", "selected=99999999999999999999999", "part=0", "tab=zz", "q=" + "a" * 3000])  # fmt: skip
@pytest.mark.parametrize("path", ["/queue/", "/signals/", "/evidence/", "/vendors/", "/incidents/", "/audit/", "/search/"])
def test_a_senseless_query_breaks_nothing(path, query, browse, alice):
    assert browse(alice).get(f"{path}?{query}").status_code in (200, 400)
