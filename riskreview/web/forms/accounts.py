"""The forms about oneself: signing in, preferences, tokens."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils import timezone

from riskreview.accounts import throttling
from riskreview.accounts.models import User
from riskreview.accounts.tokens import Scope

from ..requests import client_of
from .base import Form, date

BROWSER_COOKIE = "known-browser"


class SignIn(AuthenticationForm):
    """E-mail and password."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not fit together.",
        "inactive": "This account is closed.",
    }
    wait = 0  # seconds, once there were too many tries

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.label_suffix = ""
        self.fields["username"].label = "E-mail address"
        self.fields["username"].widget.attrs |= {"type": "email", "autocomplete": "username"}

    def clean(self) -> dict[str, Any]:
        """Count the try before the password is looked at; forget it when it was right."""
        request: Any = self.request
        email, address = str(self.cleaned_data.get("username", "")), client_of(request)
        browser = request.COOKIES.get(BROWSER_COOKIE, "")
        try:
            throttling.before_sign_in(email, address, timezone.now(), browser=browser)
        except throttling.TooOften as often:
            self.wait = often.wait
            raise forms.ValidationError(str(often)) from often
        cleaned: dict[str, Any] = super().clean()
        user: Any = self.get_user()
        if user is not None:  # as where a field was left empty
            throttling.after_sign_in(user, address, browser=browser)
        return cleaned


class Preferences(forms.Form):
    """How pages look. Each button of the frame sends only its own."""

    theme = forms.ChoiceField(choices=User.Theme, required=False)
    density = forms.ChoiceField(choices=User.Density, required=False)


class IssueToken(Form):
    """Access for a program."""

    verb, noun, heading, button, icon = "issue", "token", "Issue a token", "Issue token", "lock"

    name = forms.CharField(max_length=80, help_text="Which program will use it?")
    scopes = forms.MultipleChoiceField(choices=Scope, widget=forms.CheckboxSelectMultiple, initial=[Scope.READ])
    expires_on = forms.DateField(widget=date(), label="Expires on", help_text="Within a year; the last moment in UTC.")

    def arguments(self) -> dict[str, Any]:
        """The verb wants a moment."""
        end = datetime.datetime.combine(self.cleaned_data["expires_on"], datetime.time(23, 59, 59), datetime.UTC)
        return {"name": self.cleaned_data["name"], "scopes": self.cleaned_data["scopes"], "expires_at": end}
