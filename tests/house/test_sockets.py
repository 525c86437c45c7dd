"""Only the guarded fetcher opens connections to the outside, and one that is planted elsewhere is seen.

Ruff bans the same modules, but it is told to overlook whole folders for other reasons. This reads every module.
"""

import ast
import shutil
import subprocess
import sys

import pytest

from tests.house.source import ROOT, is_migration, modules

# What opens connections, with everything below it.
CLIENTS = (
    "socket", "socketserver", "ssl", "asyncio", "selectors", "urllib.request", "http.client", "http.server",
    "http.cookiejar", "ftplib", "smtplib", "imaplib", "poplib", "nntplib", "telnetlib", "xmlrpc", "webbrowser",
    "multiprocessing.connection", "multiprocessing.managers", "httpcore", "httpcore2", "httpx", "httpx2", "requests",
    "urllib3", "aiohttp", "tornado", "twisted", "gevent", "websocket", "websockets", "pycurl", "paramiko", "dns",
    "redis", "valkey", "boto3", "botocore", "s3transfer", "storages.backends", "django.core.mail",
    "trafilatura.downloads", "trafilatura.spider", "trafilatura.feeds", "trafilatura.sitemaps",
)  # fmt: skip
# Libraries that fetch when asked to: the names that ask.
FETCHING = {"trafilatura.fetch_url", "trafilatura.fetch_response", "courlan.redirection_test", "nltk.download"}

ALLOWED = {
    "riskreview/lib/http.py": {"socket", "ssl", "httpcore2", "httpx2"},
    "riskreview/lib/connecting.py": {"socket", "ssl", "httpcore2"},
    # An operator's own object store, at an address from the settings.
    "riskreview/evidence/store.py": {"botocore.config", "botocore.exceptions", "storages.backends.s3"},
    # They listen on an address their operator gives, and ask nobody.
    "riskreview/audit/witness.py": {"http.server"},
    "riskreview/web/demo/newsroom/server.py": {"http.server"},
    # The demonstration checks its own web server.
    "riskreview/web/demo/visit.py": {"http.cookiejar", "urllib.request"},
}


def opens_connections(name):
    """Whether a dotted name is one of the clients, lies below one, or fetches."""
    return name in FETCHING or any(name == client or name.startswith(f"{client}.") for client in CLIENTS)


def imported(tree):
    """Every dotted name a module may import, also by a call with the name in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if called(func) in LATE:
                yield name
            case ast.Attribute() if (whole := dotted(node)) in FETCHING:
                yield whole


LATE = {"__import__", "import_module", "import_string", "find_spec"}


def called(func):
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def dotted(node):
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def connections(tree):
    """The clients a module imports; of a module and a name in it, the module alone."""
    found = {name for name in imported(tree) if opens_connections(name)}
    return {name for name in found if name.rpartition(".")[0] not in found}


def test_only_these_modules_open_connections():
    found = {path: connections(tree) for path, tree in modules().items() if not is_migration(path)}
    assert {path: names for path, names in found.items() if names} == ALLOWED


@pytest.mark.parametrize(
    "planted",
    [
        "import socket",
        "def late():\n    import socket as quiet",
        "from socket import create_connection",
        "import urllib.request",
        "from urllib import request",
        "from urllib.request import urlopen",
        "from http import client",
        "import http.client as web",
        "import requests",
        "from requests.adapters import HTTPAdapter",
        "import httpx2",
        "import smtplib, json",
        "__import__('socket')",
        "import importlib\nimportlib.import_module('ftplib')",
        "from importlib import import_module\nimport_module('boto3.session')",
        "from trafilatura import fetch_url",
        "import trafilatura\ntrafilatura.fetch_url(address)",
        "from trafilatura.downloads import fetch_response",
        "from django.core.mail import send_mail",
        "if TYPE_CHECKING:\n    pass\nelse:\n    import aiohttp",
    ],
)
def test_a_connection_is_known_when_it_is_seen(planted):
    assert connections(ast.parse(planted))


@pytest.mark.parametrize(
    "harmless",
    [
        "from urllib.parse import urlsplit",
        "from http import HTTPStatus",
        "from riskreview.lib.http import fetch",
        "from .http import fetch",
        "import socketry",
        "from trafilatura import bare_extraction",
        "socket = 1",
    ],
)
def test_what_opens_no_connection_is_left_alone(harmless):
    assert connections(ast.parse(harmless)) == set()


BANNED = (
    "socket", "socketserver", "urllib.request", "http.client", "ftplib", "smtplib", "imaplib", "poplib", "telnetlib",
    "httpcore2", "httpx2", "requests", "urllib3", "aiohttp", "boto3", "botocore",
)  # fmt: skip


def test_the_linter_sees_one_planted_in_a_room_without_windows(tmp_path):
    (tmp_path / "riskreview/cases").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = "".join(f"import {name}\n" for name in BANNED)
    (tmp_path / "riskreview/cases/talking.py").write_text(planted, encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251", "--output-format", "concise"]
    told = subprocess.run([*command, "."], cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert [name for name in BANNED if f"`{name}` is banned" not in told] == []
