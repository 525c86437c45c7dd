"""The bytes of an entry are the same under every time zone, locale and Python this product runs on."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from riskreview.audit import canonical
from riskreview.audit.models import Entry
from riskreview.audit.state import utc
from tests import make

ROOT = Path(__file__).resolve().parents[2]
# What an entry is made of: times at the edges, every script, numbers at their limits, keys in every order.
MAKE = """
import datetime, hashlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("canonical", sys.argv[1])
canonical = importlib.util.module_from_spec(spec)
spec.loader.exec_module(canonical)
zone = datetime.timezone(datetime.timedelta(hours=5, minutes=45))
leap = datetime.datetime(2028, 2, 29, 23, 59, 59, 999999, tzinfo=zone)
moments = [datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC), leap]
value = {
    "z": [moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in moments],
    "a": {"label": "深度求索 – Qwen İstanbul ß \\u202e \\U0001f9ea", "n": [2**53 - 1, -(2**53 - 1), 0, True, None]},
    "k.b:c-d_e": "line\\nbreak \\t \\" \\\\ / \\x1f \\x7f \\u2028",
}
body = canonical.encode(value)
print(hashlib.sha256(body).hexdigest(), canonical.commitment(bytes(range(16)), bytes(range(32)), body))
"""
NAMES = ("3.11", "3.12", "3.13")


def interpreters():
    """The Pythons of this machine that the product supports, by version."""
    found = {f"{sys.version_info[0]}.{sys.version_info[1]}": sys.executable}
    folders = [
        Path(shutil.which("pyenv") or "/nowhere").resolve().parents[1] / "versions",
        Path.home() / ".pyenv/versions",
    ]
    for name in NAMES:
        candidates = [
            shutil.which(f"python{name}"),
            *(str(path) for folder in folders for path in folder.glob(f"{name}.*/bin/python3")),
        ]
        for path in filter(None, candidates):
            asked = subprocess.run(
                [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
            )
            if asked.stdout.strip() == name:
                found.setdefault(name, path)
    return found


def made(python=sys.executable, **variables):
    command = [python, "-I", "-c", MAKE, str(ROOT / "riskreview/audit/canonical.py")]
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def here():
    return made()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"])
def test_under_every_zone_and_locale(here, zone, locale):
    assert made(TZ=zone, LC_ALL=locale, LANG=locale) == here


@pytest.mark.parametrize("name", NAMES)
def test_under_every_python(here, name):
    python = interpreters().get(name)
    if python is None:
        pytest.skip(f"there is no Python {name} on this machine")
    assert made(python) == here


@pytest.fixture
def in_zone(alice):
    """A connection to a server whose own time zone is another."""
    options = connection.settings_dict["OPTIONS"]

    def connect(zone):
        connection.close()
        options["options"] = f"-c TimeZone={zone}"

    yield connect
    connection.close()
    options.pop("options", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_on_a_server_in_every_zone(alice, in_zone, zone):
    in_zone(zone)
    entry = Entry.objects.about(make.vendor(by=alice)).select_related("body").get()
    now = datetime.datetime.now(datetime.UTC)
    assert entry.public["recorded_at"] == utc(entry.recorded_at)
    assert abs(datetime.datetime.fromisoformat(entry.public["recorded_at"]) - now) < datetime.timedelta(minutes=1)
    assert canonical.encode(json.loads(bytes(entry.body.body))) == bytes(entry.body.body)
    assert canonical.encode(entry.public) == bytes(entry.header)
