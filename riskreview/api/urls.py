"""The API: everything one can do below /api/v1/. One word per act, as the method, the entry and the page call it."""

from __future__ import annotations

from django.urls import path, re_path
from rest_framework.routers import Route, SimpleRouter
from rest_framework.viewsets import ViewSetMixin

from .audit import Entries
from .cases import Cases
from .documents import Documents
from .flags import Flags
from .health import Health
from .incidents import Incidents
from .index import Index, Nowhere, WhoAmI
from .judgements import Judgements
from .names import DuplicateJudgements, Duplicates, NameJudgements, Names
from .origins import OriginJudgements, OriginOf
from .record import NewestCheckpoint, Record
from .reference import Reference
from .schema import Schema
from .search import Search
from .sources import Sources
from .suggestions import Suggestions, Weights
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
routes.register("sources", Sources, basename="sources")
routes.register("visits", Visits, basename="visits")
routes.register("trials", Trials, basename="trials")
routes.register("vendors", Vendors, basename="vendors")
routes.register("namejudgements", NameJudgements, basename="namejudgements")
routes.register("duplicatejudgements", DuplicateJudgements, basename="duplicatejudgements")
routes.register("originjudgements", OriginJudgements, basename="originjudgements")
routes.register("incidents", Incidents, basename="incidents")
routes.register("entries", Entries, basename="entries")
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
    path("names/", Names.as_view(), name="api-names"),
    path("duplicates/", Duplicates.as_view(), name="api-duplicates"),
    path("search/", Search.as_view(), name="api-search"),
    path("health/", Health.as_view(), name="api-health"),
    *routes.urls,
    re_path(r"", Nowhere.as_view(), name="api-nowhere"),
]
