"""Every address of the product: the pages, and the API below /api/v1/."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("riskreview.api.urls")),
    path("", include("riskreview.web.urls")),
]

handler400 = "riskreview.web.errors.bad_request"
handler403 = "riskreview.web.errors.forbidden"
handler404 = "riskreview.web.errors.not_found"
handler500 = "riskreview.web.errors.broken"
