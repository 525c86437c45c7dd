"""The API: everything one can do below /api/v1/. One word per act, as the method, the entry and the page call it."""

from __future__ import annotations

from django.urls import path, re_path
from rest_framework.routers import Route, SimpleRouter
from rest_framework.viewsets import ViewSetMixin

from .allegations import Allegations
from .audit import Entries
from .cases import Cases
from .clocks import CalendarFeeds, Clocks, Closures, Milestones
from .comments import Comments, Links
from .consultations import Consultations
from .delegations import Delegations
from .documents import Documents
from .flags import Flags
from .health import Health
from .incidents import Incidents
from .index import Index, Nowhere, WhoAmI
from .inforce import Exemptions, LegalStatuses, Publications
from .judgements import Judgements
from .names import DuplicateJudgements, Duplicates, NameJudgements, Names
from .origins import OriginJudgements, OriginOf
from .playbooks import OnePlaybook, Playbooks
from .record import NewestCheckpoint, Record
from .reference import Reference
from .releases import Releases
from .schema import Schema
from .search import Search
from .sheets import Sheets
from .sources import Sources
from .submissions import Submissions
from .suggestions import Suggestions, Weights
from .tasks import Tasks
from .teams import Batches, Teams
from .tokens import Tokens
from .trials import SourceKinds, Trials
from .vendors import Vendors
from .visits import Visits


class Routes(SimpleRouter):
    """Names such as `api-cases-submit`."""

    def get_routes(self, viewset: type[ViewSetMixin]) -> list[Route]:
        """The routes of a resource, named apart from the pages."""
        return [route._replace(name=f"api-{route.name}") for route in super().get_routes(viewset)]


routes = Routes()
routes.register("cases", Cases, basename="cases")
routes.register("suggestions", Suggestions, basename="suggestions")
routes.register("weights", Weights, basename="matchweights")
routes.register("documents", Documents, basename="documents")
routes.register("judgements", Judgements, basename="judgements")
routes.register("flags", Flags, basename="flags")
routes.register("allegations", Allegations, basename="allegations")
routes.register("milestones", Milestones, basename="milestones")
routes.register("clocks", Clocks, basename="clocks")
routes.register("closures", Closures, basename="closures")
routes.register("calendarfeeds", CalendarFeeds, basename="calendarfeeds")
routes.register("sources", Sources, basename="sources")
routes.register("visits", Visits, basename="visits")
routes.register("trials", Trials, basename="trials")
routes.register("vendors", Vendors, basename="vendors")
routes.register("namejudgements", NameJudgements, basename="namejudgements")
routes.register("duplicatejudgements", DuplicateJudgements, basename="duplicatejudgements")
routes.register("originjudgements", OriginJudgements, basename="originjudgements")
routes.register("publications", Publications, basename="publications")
routes.register("legalstatuses", LegalStatuses, basename="legalstatuses")
routes.register("exemptions", Exemptions, basename="exemptions")
routes.register("incidents", Incidents, basename="incidents")
routes.register("releases", Releases, basename="releases")
routes.register("entries", Entries, basename="entries")
routes.register("consultations", Consultations, basename="consultations")
routes.register("sheets", Sheets, basename="sheets")
routes.register("submissions", Submissions, basename="submissions")
routes.register("delegations", Delegations, basename="delegations")
routes.register("tasks", Tasks, basename="tasks")
routes.register("comments", Comments, basename="comments")
routes.register("links", Links, basename="links")
routes.register("teams", Teams, basename="teams")
routes.register("batches", Batches, basename="batches")
routes.register("tokens", Tokens, basename="tokens")

urlpatterns = [
    path("", Index.as_view(), name="api-index"),
    path("whoami/", WhoAmI.as_view(), name="api-whoami"),
    # Open to everyone: what the API is, not what is in it.
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Reference.as_view(), name="api-docs"),
    path("audit/", Record.as_view(), name="api-audit"),
    path("audit/checkpoint/", NewestCheckpoint.as_view(), name="api-audit-checkpoint"),
    path("audit/checkpoint", NewestCheckpoint.as_view(schema=None)),  # as witnesses and scripts ask for it
    path("source-kinds/", SourceKinds.as_view(), name="api-source-kinds"),
    path("documents/<int:pk>/origin/", OriginOf.as_view(), name="api-documents-origin"),
    path("playbooks/", Playbooks.as_view(), name="api-playbooks"),
    path("playbooks/<slug:key>/", OnePlaybook.as_view(), name="api-playbook"),
    path("names/", Names.as_view(), name="api-names"),
    path("duplicates/", Duplicates.as_view(), name="api-duplicates"),
    path("search/", Search.as_view(), name="api-search"),
    path("health/", Health.as_view(), name="api-health"),
    *routes.urls,
    re_path(r"", Nowhere.as_view(), name="api-nowhere"),
]
