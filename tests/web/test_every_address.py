"""Every address answers, for the right people, with the right headers; and nothing answers that is not listed here."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.urls import get_resolver, reverse

from riskreview.accounts.models import CalendarFeed
from riskreview.audit.models import Entry
from riskreview.web import urls as web_urls

pytestmark = pytest.mark.django_db

PUBLIC = {"login", "healthz", "accessibility", "calendar"}
SIGNED_IN = {"logout", "preferences", "help", "health", "work", "work-group", "work-retry"}
POSTS = {
    "logout", "preferences", "token-revoke", "case-assign", "case-reschedule", "case-add-exhibit", "case-add-finding",
    "case-hold", "case-resume", "case-submit", "case-revise", "case-send-back", "case-withdraw", "case-reopen",
    "suggestion-accept", "suggestion-dismiss", "suggestion-restore", "source-grade", "source-pause", "source-unpause",
    "source-collect-now", "vendor-rename", "vendor-add-alias", "vendor-add-product", "vendor-relate",
    "incident-involve", "incident-cite", "incident-reassess", "audit-verify",
    "vendor-describe", "vendor-retire-alias", "vendor-amend-alias", "vendor-merge-into", "vendor-unmerge",
    "namejudgement-judge", "namejudgement-register", "namejudgement-undo", "duplicatejudgement-judge",
    "duplicatejudgement-undo", "originjudgement-split", "originjudgement-join", "originjudgement-undo", "flag-settle",
    "source-amend", "trial-ask", "visit-retry", "document-retry", "case-search-again",
    "case-dissent", "delegation-end",
    "visit-set-aside", "document-set-aside", "judgement-judge", "judgement-withdraw",
    "case-relabel", "case-file", "case-snooze", "case-wake", "task-add", "task-amend", "task-finish", "task-drop",
    "task-take-up", "comment-write", "comment-edit", "comment-withdraw", "link-draw", "link-cut", "team-staff",
    "follow-case", "follow-vendor", "here", "draft-keep", "batch-preview", "batch-begin", "batch-undo",
    "suggestion-refer", "suggestion-snooze", "suggestion-wake", "matchweights-adopt", "matchweights-abandon",
    "consultation-send", "consultation-answer", "consultation-presume-concurrence", "consultation-mark-undeliverable",
    "submission-receive", "submission-note-silence", "submission-consider",
    "case-amend-exhibit", "case-withdraw-exhibit", "case-amend-finding", "case-withdraw-finding", "case-review-finding",
    "allegation-enter", "allegation-take-stand",
    "release-prepare", "release-redact", "release-restore", "release-issue",
    "milestone-record", "milestone-correct", "clock-toll", "clock-end-toll", "clock-extend", "clock-waive",
    "closure-revoke", "calendarfeed-revoke",
    "case-draft-effect", "case-amend-effect", "case-drop-effect", "case-postpone-effect", "case-draft-condition",
    "case-amend-condition", "case-drop-condition", "case-settle-condition", "publication-publish", "legalstatus-record",
    "legalstatus-confirm", "legalstatus-strike", "case-agree-postponement", "case-refuse-postponement",
    "exemption-grant", "exemption-revoke",
    "case-enter-stage", "case-countersign-stage", "case-seat", "case-unseat", "case-attach-output", "case-new-round",
    "case-state-particular", "sheet-begin", "sheet-answer", "sheet-receive",
}  # fmt: skip
BACK = {"originjudgement-join": "/evidence/", "judgement-withdraw": "/evidence/", "flag-settle": "/queue/"} | {
    "visit-retry": "/work/",
    "duplicatejudgement-judge": "/names/",
}
DOWNLOADS = {
    *("document-raw", "source-opml", "case-evidence", "audit-verifier", "sheet-file", "case-memo-file"),
    *("release-memo", "release-file"),
}
GIVEN_UP = hashlib.md5(b"It was too much.").hexdigest()
NAMES = [pattern.name for pattern in web_urls.urlpatterns]
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
}  # fmt: skip

SENSELESS = (
    "q=%00", "page=zzz", "page=-4", "state=NOPE&vendor=%27", "view=zz", "before=x", "actor=1", "since=2025-99-99",
    "selected=99999999999999999999999", "part=0", "tab=zz", "q=" + "a" * 3000, "source=99999999999999999999999",
)  # fmt: skip


@pytest.fixture
def address(everything, carol):
    """The address of a named page, about one of everything."""
    newest = everything["document"].newest
    arguments = {
        "case": [everything["case"].ref],
        "suggestion": [everything["suggestion"].pk],
        "matchweights": [everything["weights"].pk],
        "source": [everything["source"].pk],
        "vendor": [everything["vendor"].slug],
        "incident": [everything["incident"].ref],
        "document": [everything["document"].pk],
        "document-pick": [],
        "document-claim": [everything["document"].pk, everything["claim"]],
        "document-raw": [everything["document"].pk, newest.pk],
        "entry": [Entry.objects.newest_first().first().uuid],
        "audit-check": [everything["check"].pk],
        "trial": [everything["trial"].pk],
        "flag": [everything["flag"].pk],
        "visit": [everything["visit"].pk],
        "namejudgement": [everything["judgement"].pk],
        "duplicatejudgement": [everything["pair"].pk],
        "originjudgement": [everything["said"].pk],
        "judgement": [everything["document"].pk],
        "milestone": [1],
        "milestone-record": [everything["case"].ref],
        "clock": [1],
        "closure": [1],
        "calendarfeed": [1],
        "closure-announce": [],
        "calendarfeed-offer": [],
        "calendar": [CalendarFeed.objects.offer(by=carol).secret],
        "publication": [everything["case"].ref],
        "legalstatus": [1],
        "legalstatus-record": [everything["case"].ref],
        "exemption": [1],
        "exemption-grant": [everything["case"].ref],
        "consultation": [1],
        "consultation-send": [everything["case"].ref],
        "submission": [1],
        "submission-receive": [everything["case"].ref],
        "submission-note-silence": [everything["case"].ref],
        "case-memo-file": [everything["case"].ref, "docx"],
        "release": [everything["release"].pk],
        "release-prepare": [everything["case"].ref],
        "release-memo": [everything["release"].pk, "docx"],
        "allegation": [1],
        "allegation-enter": [everything["case"].ref],
        "work-group": ["visit", GIVEN_UP],
        "work-retry": ["visit", GIVEN_UP],
        "playbook": ["internal_review"],
        "playbooks": [],
        "sheet": [everything["sheet"].pk],
        "sheet-begin": [everything["case"].ref],
        "sheet-file": [everything["sheet"].pk, "csv"],
        "task": [1],
        "task-add": [everything["case"].ref],
        "comment": [1],
        "comment-write": ["case", 1],
        "link": [1],
        "link-draw": [everything["case"].ref],
        "team": [everything["team"].slug],
        "team-set-up": [],
        "batch": [everything["batch"].pk],
        "batch-preview": [],
        "batch-begin": [],
        "follow-case": [everything["case"].ref],
        "follow-vendor": [everything["vendor"].slug],
        "here": [everything["case"].ref],
        "drafts": [everything["case"].ref],
        "draft-keep": [everything["case"].ref],
        "delegations": [],
        "delegation-delegate": [],
        "delegation": [everything["delegation"].pk],
        "token-revoke": ["00000000-0000-4000-8000-000000000000"],
    }
    bare = {"case-open", "source-register", "vendor-register", "incident-report", "token-issue"} | {
        "source-new", "source-opml", "source-import", "trial-ask", "document-bring", "document-upload",
        "namejudgement-judge", "namejudgement-register", "duplicatejudgement-judge",
        "originjudgement-split", "originjudgement-join",
    }  # fmt: skip

    def of(name: str) -> str:
        return reverse(
            name, args=[] if name in bare else arguments.get(name, arguments.get(name.partition("-")[0], []))
        )

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


def test_a_stranger_is_asked_to_sign_in(address, anonymous):
    for name in NAMES:
        response = anonymous.get(address(name))
        if name in PUBLIC:
            assert response.status_code == 200, name
        else:
            assert response.status_code == 302, name
            assert response["Location"].startswith("/login/"), name


def test_without_a_role_a_page_says_whom_to_ask(address, browse, erin):
    client = browse(erin)
    for name in NAMES:
        response = client.get(address(name))
        if name in PUBLIC | SIGNED_IN:
            assert b"no access yet" not in response.content, name
        else:
            assert response.status_code == 403, name
            assert b"Ask an administrator" in response.content, name


def test_an_act_is_never_a_get(address, browse, carol):
    client = browse(carol)
    assert {name: client.get(address(name)).status_code for name in POSTS} == dict.fromkeys(POSTS, 405)


@pytest.mark.parametrize("name", sorted(POSTS))
def test_an_address_that_only_takes_forms_says_so_and_leads_back(name, address, browse, carol):
    client = browse(carol)
    answer = client.get(address(name))
    body = answer.content.decode()
    assert "This address is only sent to by a form." in body
    assert "POST" in answer["Allow"]
    [back] = re.findall(r'href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?Back to where the form is', body)
    assert client.get(back).status_code == (302 if back == "/" else 200), back
    assert back == BACK.get(name, back)


def test_a_program_is_told_so_in_json(api, carol):
    answer = api(carol).get("/api/v1/suggestions/1/accept/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


def test_every_answer_has_its_headers(address, browse, carol):
    client = browse(carol)
    for name in [*pages(), "nowhere"]:
        response = client.get("/nowhere/" if name == "nowhere" else address(name))
        policy = response["Content-Security-Policy"]
        assert ("sandbox" in policy) if name in DOWNLOADS else set(policy.split("; ")) == CSP, name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["X-Frame-Options"] == "DENY", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["X-Request-ID"], name
        assert name in PUBLIC or "no-store" in response["Cache-Control"], name


def test_no_page_holds_inline_code(address, browse, carol):
    client = browse(carol)
    for name in set(pages()) - DOWNLOADS:
        body = client.get(address(name)).content.decode("utf-8", "replace")
        for word in (" style=", "<style", " onclick=", " hx-on", "javascript:", "<script>"):
            assert word not in body, (name, word)


def test_what_is_not_there_is_404(browse, alice):
    client = browse(alice)
    absent = (
        "/cases/RR-2099-0001/",
        "/vendors/nobody/",
        "/evidence/99999999999999999999/",
        "/incidents/x/",
        "/sources/0/",
    )
    assert {path: client.get(path).status_code for path in absent} == dict.fromkeys(absent, 404)


@pytest.mark.parametrize(
    "path",
    ["/queue/", "/signals/", "/evidence/", "/vendors/", "/incidents/", "/audit/", "/search/", "/sources/", "/names/"],
)
def test_a_senseless_query_breaks_nothing(path, browse, alice):
    client = browse(alice)
    for query in SENSELESS:
        assert client.get(f"{path}?{query}").status_code in (200, 400), query
