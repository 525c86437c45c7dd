"""A template finds a form's field before the form's own words: no field may be called like one of these."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from riskreview.web import forms
from riskreview.web.forms.base import Form, VerbForm


def every(form):
    for kind in form.__subclasses__():
        yield kind
        yield from every(kind)


for module in iter_modules(forms.__path__):
    import_module(f"{forms.__name__}.{module.name}")
OWN = {name for name in (*dir(VerbForm), *Form.__annotations__, "subject", "case", "is_open") if name[0] != "_"}
OWN -= {"user"}  # pages ask a form for nothing of that name


@pytest.mark.parametrize("form", sorted(set(every(Form)), key=lambda kind: (kind.__module__, kind.__name__)))
def test_no_field_hides_what_the_form_says(form):
    assert not set(form.base_fields) & OWN, form
