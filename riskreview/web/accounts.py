"""Signing in, how pages look, and tokens for one's programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from riskreview.accounts import browsers
from riskreview.accounts.models import ApiToken

from .access import public, signed_in
from .acts import perform
from .answers import SeeOther, see_other
from .forms.accounts import BROWSER_COOKIE, IssueToken, Preferences, SignIn
from .requests import Request


class SignInView(LoginView):
    """E-mail and password."""

    template_name = "registration/login.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """In; the browser is known from now on, so that wrong passwords of others do not keep its owner waiting."""
        response = super().form_valid(form)
        response.set_cookie(
            BROWSER_COOKIE,
            browsers.known(form.get_user()),
            max_age=browsers.KNOWN_FOR,
            path=reverse("login"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The same page with what went wrong; 429, with how long to wait, after too many tries."""
        response = self.render_to_response(self.get_context_data(form=form), status=429 if form.wait else 422)
        if form.wait:
            response["Retry-After"] = str(form.wait)
        return response


login = public(never_cache(SignInView.as_view()))
logout = signed_in(LogoutView.as_view())


@signed_in
@require_POST
def preferences(request: Request) -> HttpResponse:
    """Keep the theme or the density that was chosen, and go back."""
    form = Preferences(request.POST)
    if form.is_valid():
        request.user.prefer(**form.cleaned_data)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return SeeOther(back if safe else "/")


@require_http_methods(["GET", "POST"])
def tokens(request: Request) -> HttpResponse:
    """One's own tokens; a POST issues one and shows its secret, this once."""
    if request.method == "GET":
        return listing(request, IssueToken(user=request.user))
    form = IssueToken(request.POST, user=request.user)
    issue = partial(ApiToken.objects.issue, now=timezone.now())
    again = partial(listing, request, form, status=422)
    return perform(request, form, issue, again=again, done=partial(issued, request))


def listing(request: Request, form: Any, status: int = 200, **more: Any) -> HttpResponse:
    """The tokens, newest first."""
    now = timezone.now()
    mine = ApiToken.objects.visible_to(request.user).select_related("owner").order_by("-expires_at", "name")
    rows = [{"token": token, "why_not": token.refusal(now)} for token in mine]
    return render(request, "settings/tokens.html", {"form": form, "tokens": rows} | more, status=status)


def issued(request: Request, token: ApiToken) -> HttpResponse:
    """The list with the new secret on top: no redirect, because it is shown only once."""
    return listing(request, IssueToken(user=request.user), issued=token)


@require_POST
def revoke_token(request: Request, pk: str) -> HttpResponse:
    """Close the door to a program."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    token.revoke(by=request.user, now=timezone.now())
    return see_other("tokens")
