"""Manners on the way out, against a real server: turns, robots.txt, and answers that say when to come back."""

import datetime
import time

import pytest
from werkzeug import Response

from riskreview.enrichment.manners import Disallowed, host_of, policy, politely
from riskreview.evidence.models import Host
from riskreview.lib.http import BadResponse, Unreachable, fetch
from riskreview.lib.work import Postponed

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
RULES = "User-agent: riskreview\nDisallow: /private/\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /\n"


@pytest.fixture
def site(httpserver, settings):
    """A server this test may reach; its robots.txt is heeded."""
    settings.FETCH_ALLOW = [f"{httpserver.host}:{httpserver.port}"]
    settings.FETCH_ROBOTS = True
    return httpserver


def ask(site, path="/page", **manners):
    with politely(**manners) as each:
        answer = fetch(site.url_for(path), policy=policy(1_000_000), admit=each.admit)
        each.heard(answer)
    return answer


def host(site):
    return Host.objects.get(name=f"{site.host}:{site.port}")


def ago(**time):
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(**time)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://news.example/a", "news.example"),
        ("http://news.example:80/a", "news.example"),
        ("http://news.example:8080/a", "news.example:8080"),
    ],
)
def test_a_host_is_its_name_and_an_unusual_port(url, name):
    assert host_of(url) == name


def test_a_request_takes_a_turn_and_gives_it_back(site):
    site.expect_request("/robots.txt").respond_with_data("", status=404)
    site.expect_request("/page").respond_with_data("hello")
    assert ask(site).body == b"hello"
    assert (host(site).held, host(site).failures) == ([], 0)


def test_robots_are_asked_once_a_day(site):
    site.expect_request("/robots.txt").respond_with_data(RULES)
    site.expect_request("/page").respond_with_data("hello")
    for _ in range(2):
        Host.objects.update(next_at=ago(minutes=1))
        ask(site)
    assert [request.path for request, _ in site.log].count("/robots.txt") == 1
    Host.objects.update(robots_at=ago(hours=25), next_at=ago(minutes=1))
    ask(site)
    assert [request.path for request, _ in site.log].count("/robots.txt") == 2


def test_the_delay_a_host_asks_for_is_kept(site):
    site.expect_request("/robots.txt").respond_with_data(RULES)
    site.expect_request("/page").respond_with_data("hello")
    ask(site)
    assert host(site).gap == datetime.timedelta(seconds=7)


def test_what_robots_disallow_is_not_fetched(site):
    site.expect_request("/robots.txt").respond_with_data(RULES)
    with pytest.raises(Disallowed) as refused:
        ask(site, "/private/page")
    assert refused.value.permanent
    assert [request.path for request, _ in site.log] == ["/robots.txt"]
    assert (host(site).held, host(site).failures) == ([], 0)


def test_a_source_may_be_exempt_and_an_operator_may_switch_it_off(site, settings):
    site.expect_request("/private/page").respond_with_data("hello")
    assert ask(site, "/private/page", heed_robots=False).status == 200
    settings.FETCH_ROBOTS = False
    Host.objects.update(next_at=ago(minutes=1))
    assert ask(site, "/private/page").status == 200


@pytest.mark.parametrize("status", [404, 403, 410])
def test_no_robots_file_allows_everything(site, status):
    site.expect_request("/robots.txt").respond_with_data("no", status=status)
    site.expect_request("/page").respond_with_data("hello")
    assert ask(site).status == 200


def test_while_robots_cannot_be_read_nothing_is_fetched(site):
    site.expect_request("/robots.txt").respond_with_data("no", status=503)
    with pytest.raises(BadResponse, match=r"robots\.txt cannot be read.*status 503"):
        ask(site)
    assert host(site).failures == 1


def test_an_older_robots_file_counts_while_the_new_one_cannot_be_read(site):
    site.expect_ordered_request("/robots.txt").respond_with_data(RULES)
    site.expect_ordered_request("/page").respond_with_data("hello")
    ask(site)
    for path, is_allowed in (("/page", True), ("/private/x", False)):
        Host.objects.update(robots_at=ago(hours=25), next_at=ago(minutes=1))
        site.expect_ordered_request("/robots.txt").respond_with_data("no", status=500)
        with politely() as manners:
            assert manners.allowed(site.url_for(path)) is is_allowed
    assert (host(site).held, host(site).failures) == ([], 0)


def quiet(site):
    site.expect_request("/robots.txt").respond_with_data("", status=404)


@pytest.mark.parametrize("value", ["120", "soon"])
def test_too_many_requests_is_no_failure_and_says_when_to_come_back(site, value):
    quiet(site)
    site.expect_request("/page").respond_with_response(Response("slow down", 429, {"Retry-After": value}))
    with pytest.raises(BadResponse, match="status 429") as asked:
        ask(site)
    wait = datetime.timedelta(seconds=120) if value == "120" else None
    assert (asked.value.wait, host(site).failures, host(site).held) == (wait, 0, [])
    if wait:
        with pytest.raises(Postponed):
            ask(site)


def test_a_server_in_trouble_has_failed(site):
    quiet(site)
    site.expect_request("/page").respond_with_data("oops", status=502)
    with pytest.raises(BadResponse, match="status 502"):
        ask(site)
    assert (host(site).failures, host(site).reason) == (1, "The server answered with status 502.")


def test_a_page_that_is_not_there_is_no_failure_of_the_host(site):
    quiet(site)
    site.expect_request("/page").respond_with_data("no", status=404)
    assert ask(site).status == 404
    assert host(site).failures == 0


def test_a_host_that_cannot_be_reached_has_failed(settings, unused_port):
    settings.FETCH_ALLOW = [f"127.0.0.1:{unused_port}"]
    with pytest.raises(Unreachable), politely(heed_robots=False) as manners:
        fetch(f"http://127.0.0.1:{unused_port}/", policy=policy(1_000), admit=manners.admit)
    failed = Host.objects.get()
    assert (failed.failures, failed.held, failed.reason) == (1, [], "No connection could be made to the server.")


@pytest.fixture
def unused_port():
    import socket  # noqa: TID251 - a server of our own

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_each_hop_of_a_redirect_takes_its_own_turn(site):
    quiet(site)
    site.expect_request("/page").respond_with_response(Response("", 302, {"Location": site.url_for("/other")}))
    site.expect_request("/other").respond_with_data("there")
    assert ask(site, gap=0.01).body == b"there"
    assert host(site).held == []


def test_a_busy_host_puts_the_work_off(site, settings):
    settings.HOST_AT_ONCE = 1
    quiet(site)
    Host.objects.turn(f"{site.host}:{site.port}", gap=0)
    with pytest.raises(Postponed):
        ask(site)
    assert site.log == []


def test_a_worker_does_not_wait_for_the_gap_with_a_slot_that_others_need(site):
    quiet(site)
    site.expect_request("/page").respond_with_data("there")
    ask(site, gap=1)
    begun = time.monotonic()
    with pytest.raises(Postponed):
        ask(site, gap=1)
    assert time.monotonic() - begun < 0.9


def test_in_the_middle_of_an_exchange_it_does_wait(site):
    quiet(site)
    site.expect_request("/page").respond_with_response(Response("", 302, {"Location": site.url_for("/other")}))
    site.expect_request("/other").respond_with_data("there")
    begun = time.monotonic()
    assert ask(site, gap=0.5).body == b"there"
    assert time.monotonic() - begun >= 0.5


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("held", [None, ""], ids=["no older rules", "older rules"])
def test_a_host_that_asks_to_be_left_alone_for_its_robots_file_is_left_alone(site, status, held):
    Host.objects.create(name=f"{site.host}:{site.port}", robots=held, robots_at=ago(hours=25))
    site.expect_request("/robots.txt").respond_with_response(Response("later", status, {"Retry-After": "120"}))
    site.expect_request("/page").respond_with_data("hello")
    with pytest.raises(Postponed) as postponed:
        ask(site)
    wait = postponed.value.until - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(seconds=100) < wait <= datetime.timedelta(seconds=120)
    assert [request.path for request, _ in site.log] == ["/robots.txt"]
    assert (host(site).failures, host(site).held) == (0, [])
    assert host(site).next_at > datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=100)


def test_the_robots_file_takes_a_turn_of_its_own(site):
    site.expect_request("/robots.txt").respond_with_data("")
    site.expect_request("/page").respond_with_data("hello")
    begun = time.monotonic()
    assert ask(site, gap=0.6).body == b"hello"
    assert time.monotonic() - begun >= 0.6
    assert host(site).held == []


def test_a_gap_too_long_to_wait_puts_the_page_off_and_the_robots_file_is_kept(site):
    site.expect_request("/robots.txt").respond_with_data("")
    site.expect_request("/page").respond_with_data("hello")
    with pytest.raises(Postponed):
        ask(site, gap=30)
    assert (host(site).robots, host(site).held) == ("", [])
    Host.objects.update(next_at=ago(minutes=1))
    assert ask(site, gap=30).body == b"hello"
    assert [request.path for request, _ in site.log] == ["/robots.txt", "/page"]


def test_a_host_that_is_down_is_told_as_that_and_not_as_one_without_robots(settings, unused_port):
    settings.FETCH_ALLOW, settings.FETCH_ROBOTS = [f"127.0.0.1:{unused_port}"], True
    with pytest.raises(Unreachable) as failed, politely() as manners:
        fetch(f"http://127.0.0.1:{unused_port}/", policy=policy(1_000), admit=manners.admit)
    assert failed.value.reason == "No connection could be made to the server."
    assert (Host.objects.get().failures, Host.objects.get().held) == (1, [])
