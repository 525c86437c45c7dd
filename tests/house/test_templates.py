"""Every template compiles, and somebody uses it."""

import pytest
from django.conf import settings
from django.template.loader import get_template

from tests.house.source import ROOT, tracked

FOLDER = settings.TEMPLATES[0]["DIRS"][0]
NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
# Django asks for these by convention.
BY_CONVENTION = {"400.html", "403.html", "404.html", "500.html"}


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name):
    assert get_template(name)


def test_each_is_used():
    sources = [path for path in tracked() if path.suffix in {".py", ".html", ".txt"} and "tests" not in path.parts]
    sources += [*(ROOT / "templates").rglob("*.html"), *(ROOT / "riskreview").rglob("*.py")]
    told = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in set(sources))
    assert [name for name in NAMES if name not in told and name not in BY_CONVENTION] == []
