"""What goes along with a request and where: secrets stay with the origin they are meant for, and in no record."""

import datetime

import pytest
from werkzeug import Response

from riskreview.lib.http import FetchFailed, Policy, Refused, fetch, retry_after
from riskreview.lib.offline import offline

pytestmark = pytest.mark.enable_socket
SECRET = (("api-key", "hunter 2&3"),)
HEADER = (("X-Api-Key", "hunter2"),)
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def other():
    from pytest_httpserver import HTTPServer

    with HTTPServer(host="127.0.0.1", port=0) as server:
        yield server


def ask(*servers, path="/a", **more):
    allow = frozenset((server.host, server.port) for server in servers)
    return fetch(servers[0].url_for(path), policy=Policy(allow), **more)


def test_a_secret_in_the_query_reaches_the_server_and_no_record(httpserver):
    httpserver.expect_request("/a", query_string={"q": "1", "api-key": "hunter 2&3"}).respond_with_data("ok")
    answer = ask(httpserver, path="/a?q=1", secret_query=SECRET)
    assert (answer.body, answer.final_url) == (b"ok", httpserver.url_for("/a?q=1"))


def test_a_secret_goes_along_with_a_redirect_inside_the_origin(httpserver):
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": "/b?api-key=echo"}))
    httpserver.expect_request("/b", query_string={"api-key": "hunter 2&3"}).respond_with_data("ok")
    answer = ask(httpserver, secret_query=SECRET, headers=HEADER)
    assert answer.final_url == httpserver.url_for("/b")
    assert httpserver.log[-1][0].headers["X-Api-Key"] == "hunter2"


def test_a_secret_never_follows_a_redirect_to_another_origin(httpserver, other):
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": other.url_for("/b")}))
    other.expect_request("/b").respond_with_data("ok")
    assert ask(httpserver, other, secret_query=SECRET, headers=HEADER).body == b"ok"
    request = other.log[-1][0]
    assert "X-Api-Key" not in request.headers
    assert request.query_string == b""


def test_a_secret_stays_away_once_it_was_led_away(httpserver, other):
    back = Response("", 302, {"Location": httpserver.url_for("/c")})
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": other.url_for("/b")}))
    other.expect_request("/b").respond_with_response(back)
    httpserver.expect_request("/c").respond_with_data("ok")
    assert ask(httpserver, other, secret_query=SECRET, headers=HEADER).final_url == httpserver.url_for("/c")
    last = httpserver.log[-1][0]
    assert "X-Api-Key" not in last.headers
    assert last.query_string == b""


def test_another_origin_is_not_told_a_secret_by_the_redirect_itself(httpserver, other):
    echo = other.url_for("/b") + "?q=1&token=hunter2&x=hunter+2%263"
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": echo}))
    other.expect_request("/b").respond_with_data("ok")
    answer = ask(httpserver, other, secret_query=SECRET, headers=HEADER)
    assert answer.final_url == other.url_for("/b?q=1")
    assert other.log[-1][0].query_string == b"q=1"


@pytest.mark.parametrize("place", ["/hunter2/list", "/a%2Fhunter%202%263", "http://hunter2.example/", "/b#hunter2"])
def test_a_redirect_that_tells_a_secret_outside_the_query_is_not_followed(httpserver, place):
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": place}))
    with pytest.raises(Refused, match="credential") as failed:
        ask(httpserver, secret_query=SECRET, headers=HEADER)
    assert "hunter" not in failed.value.reason
    assert len(httpserver.log) == 1


def test_no_error_tells_a_secret(httpserver):
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": "http://10.0.0.1/?x"}))
    with pytest.raises(FetchFailed) as failed:
        ask(httpserver, secret_query=SECRET, headers=HEADER)
    assert "hunter" not in failed.value.reason


@pytest.mark.parametrize("header", [("X-A", "b\r\nX-C: d"), ("X-A\n", "b"), ("X-A", "bé")])
def test_a_header_cannot_smuggle_another_in(httpserver, header):
    with pytest.raises(Refused, match="header"):
        ask(httpserver, headers=(header,))
    assert httpserver.log == []


def test_every_hop_is_admitted_and_the_time_that_takes_does_not_count(httpserver):
    httpserver.expect_request("/a").respond_with_response(Response("", 302, {"Location": "/b"}))
    httpserver.expect_request("/b").respond_with_data("ok")
    clock, admitted = iter(float(number) for number in range(100_000)), []
    time = [0.0]

    def now():
        next(clock)
        return time[0]

    def admit(url):
        admitted.append(url)
        time[0] += 1_000

    assert ask(httpserver, admit=admit, now=now).body == b"ok"
    assert admitted == [httpserver.url_for("/a"), httpserver.url_for("/b")]


def test_nobody_is_asked_for_admission_where_the_network_is_off(httpserver):
    admitted = []
    with offline(), pytest.raises(Refused, match="where documents are read"):
        ask(httpserver, admit=admitted.append)
    assert admitted == []


def test_who_is_not_admitted_is_not_contacted(httpserver):
    def admit(url):
        raise Refused("Not today.")

    with pytest.raises(Refused, match="Not today"):
        ask(httpserver, admit=admit)
    assert httpserver.log == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("9999999999", 86_400),
        ("Thu, 01 Jan 2026 00:05:00 GMT", 300),
        ("Thu, 01 Jan 2026 00:05:00 -0000", 300),
        ("Fri, 02 Jan 2032 00:00:00 GMT", 86_400),
        ("Wed, 31 Dec 2025 23:00:00 GMT", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", 86_400),
        ("Thu, 01 Jan 20999999999999999999 00:05:00", None),
        ("120, 120", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_a_day_at_most(value, seconds):
    wait = retry_after({"retry-after": value}, NOW)
    assert wait == (None if seconds is None else datetime.timedelta(seconds=seconds))


def test_a_server_that_does_not_say_is_not_waited_for():
    assert retry_after({}, NOW) is None
