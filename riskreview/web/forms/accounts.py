"""The forms about oneself: signing in, preferences, tokens."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm

from riskreview.accounts.models import User
from riskreview.accounts.tokens import Scope

from .base import Form, date


class SignIn(AuthenticationForm):
    """E-mail and password."""

    error_messages = {
        "invalid_login": "This e-mail address and password do not fit together.",
        "inactive": "This account is closed.",
    }

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.label_suffix = ""
        self.fields["username"].label = "E-mail address"
        self.fields["username"].widget.attrs |= {"type": "email", "autocomplete": "username"}


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
