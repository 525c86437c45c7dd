"""Everything one can see and do in the browser, grouped by what it is about."""

from django.urls import path

from . import accounts, audit, cases, checks, documents, incidents, queue, search, signals, sources, status, vendors

urlpatterns = [
    # Coming in, and how pages look
    path("", queue.home, name="home"),
    path("login/", accounts.login, name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("settings/preferences/", accounts.preferences, name="preferences"),
    path("settings/tokens/", accounts.tokens, name="tokens"),
    path("settings/tokens/", accounts.tokens, name="token-issue"),
    path("settings/tokens/<uuid:pk>/revoke/", accounts.revoke_token, name="token-revoke"),
    # The queue, and the cases in it
    path("queue/", queue.queue, name="queue"),
    path("cases/new/", cases.new, name="case-open"),
    path("cases/<str:ref>/", cases.case, name="case"),
    path("cases/<str:ref>/assign/", cases.assign, name="case-assign"),
    path("cases/<str:ref>/reschedule/", cases.reschedule, name="case-reschedule"),
    path("cases/<str:ref>/add-exhibit/", cases.add_exhibit, name="case-add-exhibit"),
    path("cases/<str:ref>/add-finding/", cases.add_finding, name="case-add-finding"),
    path("cases/<str:ref>/hold/", cases.hold, name="case-hold"),
    path("cases/<str:ref>/resume/", cases.resume, name="case-resume"),
    path("cases/<str:ref>/submit/", cases.submit, name="case-submit"),
    path("cases/<str:ref>/revise/", cases.revise, name="case-revise"),
    path("cases/<str:ref>/approve/", cases.approve, name="case-approve"),
    path("cases/<str:ref>/send-back/", cases.send_back, name="case-send-back"),
    path("cases/<str:ref>/withdraw/", cases.withdraw, name="case-withdraw"),
    path("cases/<str:ref>/reopen/", cases.reopen, name="case-reopen"),
    # Suggestions to triage
    path("signals/", signals.signals, name="signals"),
    path("signals/<int:pk>/accept/", signals.accept, name="suggestion-accept"),
    path("signals/<int:pk>/dismiss/", signals.dismiss, name="suggestion-dismiss"),
    path("signals/<int:pk>/restore/", signals.restore, name="suggestion-restore"),
    # What we hold
    path("evidence/", documents.documents, name="documents"),
    path("evidence/<int:pk>/", documents.document, name="document"),
    path("evidence/<int:pk>/raw/<int:snapshot>/", documents.raw, name="document-raw"),
    path("sources/", sources.sources, name="sources"),
    path("sources/", sources.sources, name="source-register"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/grade/", sources.grade, name="source-grade"),
    path("sources/<int:pk>/pause/", sources.pause, name="source-pause"),
    path("sources/<int:pk>/unpause/", sources.unpause, name="source-unpause"),
    path("sources/<int:pk>/collect-now/", sources.collect_now, name="source-collect-now"),
    # Whom it is about, and what happened
    path("vendors/", vendors.vendors, name="vendors"),
    path("vendors/", vendors.vendors, name="vendor-register"),
    path("vendors/<slug:slug>/", vendors.vendor, name="vendor"),
    path("vendors/<slug:slug>/rename/", vendors.rename, name="vendor-rename"),
    path("vendors/<slug:slug>/add-alias/", vendors.add_alias, name="vendor-add-alias"),
    path("vendors/<slug:slug>/add-product/", vendors.add_product, name="vendor-add-product"),
    path("vendors/<slug:slug>/relate/", vendors.relate, name="vendor-relate"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("incidents/", incidents.incidents, name="incident-report"),
    path("incidents/<str:ref>/", incidents.incident, name="incident"),
    path("incidents/<str:ref>/involve/", incidents.involve, name="incident-involve"),
    path("incidents/<str:ref>/cite/", incidents.cite, name="incident-cite"),
    path("incidents/<str:ref>/reassess/", incidents.reassess, name="incident-reassess"),
    # Oversight
    path("audit/", audit.audit, name="audit"),
    path("audit/<uuid:identity>/", audit.entry, name="entry"),
    path("audit/verify/", checks.verify, name="audit-verify"),
    path("audit/checks/<int:pk>/", checks.check, name="audit-check"),
    path("audit/checkpoint", checks.checkpoint, name="audit-checkpoint"),
    path("audit/verifier.py", checks.verifier_file, name="audit-verifier"),
    path("search/", search.search, name="search"),
    path("health/", status.health, name="health"),
    path("healthz", status.healthz, name="healthz"),
    path("help/", status.help_page, name="help"),
    path("accessibility/", status.accessibility, name="accessibility"),
]
