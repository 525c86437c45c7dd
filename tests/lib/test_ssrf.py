"""No spelling, redirect or lookup leads to a server inside: tried against a real one that counts its visits."""

import pytest

from benchmarks import _hostile
from benchmarks._addresses import ANSWERS, PORTS, REDIRECTS, URLS
from benchmarks.faults_fetch import at
from riskreview.lib.http import FetchFailed, Policy, Refused, Unreachable, fetch

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def secret():
    with _hostile.serving({}) as server:
        yield server
        assert server.visits == []


@pytest.fixture(scope="module")
def ours():
    with _hostile.serving({}) as server:
        yield server


def test_the_table_is_long_enough_to_mean_something():
    assert len(URLS) + len(REDIRECTS) + len(ANSWERS) >= 60


@pytest.mark.parametrize("url", URLS)
def test_no_spelling_leads_inside(secret, ours, url):
    with pytest.raises((Refused, Unreachable)):
        fetch(url.format(port=secret.server_port, open=ours.server_port), policy=Policy(wall_seconds=3))
    assert secret.visits == []


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_leads_inside(secret, ours, target):
    location = target.format(port=secret.server_port)
    ours.answers["/go"] = lambda room: room.begin(status=302, length=0, Location=location)
    with pytest.raises(FetchFailed):
        fetch(f"http://127.0.0.1:{ours.server_port}/go", policy=policy(ours))
    assert secret.visits == []


@pytest.mark.parametrize("ips", ANSWERS)
def test_one_answer_inside_refuses_the_name(ips):
    with pytest.raises(Refused, match="not a public address"):
        fetch("http://news.example/", policy=Policy(), resolve=at(*ips))


@pytest.mark.parametrize("port", PORTS)
def test_other_ports_are_closed(port):
    with pytest.raises(Refused, match=f"Port {port}"):
        fetch(f"http://news.example:{port}/", policy=Policy(), resolve=at("93.184.215.14"))


def test_the_fourth_redirect_is_one_too_many(ours):
    for number in range(4):
        to = f"/{number + 1}"
        ours.answers[f"/{number}"] = lambda room, to=to: room.begin(status=302, length=0, Location=to)
    with pytest.raises(FetchFailed, match="more than 3 times"):
        fetch(f"http://127.0.0.1:{ours.server_port}/0", policy=policy(ours))


def policy(server):
    return Policy(frozenset({("127.0.0.1", server.server_port)}))
