"""Against real loopback servers: a fetcher is only as good as its behaviour on a socket."""

import gzip
import random
import socket  # noqa: TID251 - the other end of the line
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from riskreview.lib.confidential import Confidential
from riskreview.lib.http import BadResponse, Policy, Refused, TooLarge, TooSlow, Unreachable, _next_address, fetch

pytestmark = pytest.mark.enable_socket

NOTHING = Confidential("")
TEXT = b"The review goes on. " * 100


class Newsroom(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answers[self.path.partition("?")[0]](self)

    def log_message(self, *args):
        pass

    def answer(self, status=200, body=b"", length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newsroom)
    server.daemon_threads = True
    server.asked, server.answers = [], answers
    server.handle_error = lambda *args: None
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def newsroom():
    with serving({}) as server:
        yield server


@pytest.fixture
def secret():
    with serving({"/": lambda room: room.answer(body=b"secret")}) as server:
        yield server


def address(server, path="/a"):
    return f"http://127.0.0.1:{server.server_port}{path}"


def policy(*servers, **limits):
    return Policy(allow=frozenset(("127.0.0.1", server.server_port) for server in servers), **limits)


def at(*ips):
    """A resolver that knows one name: the first lookup gets all addresses."""
    return lambda host, port, **kwargs: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]


def test_it_brings_body_headers_and_final_address(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=TEXT, ETag='"1"', Content_Type="text/plain")
    got = fetch(address(newsroom), policy=policy(newsroom, user_agent="tester/1"))
    assert (got.status, got.body, got.final_url, got.not_modified) == (200, TEXT, address(newsroom), False)
    assert got.headers["etag"] == '"1"'
    sent = newsroom.asked[0][1]
    assert sent["User-Agent"] == "tester/1"
    assert sent["Accept-Encoding"] == "gzip"
    assert "Cookie" not in sent


def test_it_asks_whether_the_page_changed(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(304)
    got = fetch(address(newsroom), policy=policy(newsroom), etag='"1"', last_modified="Wed, 29 Jan 2025 10:00:00 GMT")
    assert got.not_modified
    assert got.body == b""
    sent = newsroom.asked[0][1]
    assert sent["If-None-Match"] == '"1"'
    assert sent["If-Modified-Since"] == "Wed, 29 Jan 2025 10:00:00 GMT"


def test_a_validator_cannot_smuggle_a_header_in(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=b"x")
    fetch(address(newsroom), policy=policy(newsroom), etag='"1"\r\nX-Evil: 1')
    assert "X-Evil" not in newsroom.asked[0][1]


@pytest.mark.parametrize("status", [404, 429, 500])
def test_an_error_status_is_an_answer_like_any_other(newsroom, status):
    newsroom.answers["/a"] = lambda room: room.answer(status, b"sorry", Retry_After="60")
    got = fetch(address(newsroom), policy=policy(newsroom))
    assert (got.status, got.body, got.headers["retry-after"]) == (status, b"sorry", "60")


def test_gzip_is_unpacked(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=gzip.compress(TEXT), Content_Encoding="gzip")
    assert fetch(address(newsroom), policy=policy(newsroom)).body == TEXT


def test_a_gzip_bomb_is_stopped(newsroom):
    bomb = gzip.compress(b"\0" * 30_000_000)
    newsroom.answers["/a"] = lambda room: room.answer(body=bomb, Content_Encoding="gzip")
    with pytest.raises(TooLarge, match="larger than 100,000 bytes"):
        fetch(address(newsroom), policy=policy(newsroom, max_bytes=100_000))


def test_an_answer_over_the_cap_is_refused_before_it_is_read(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(length=10**9)
    with pytest.raises(TooLarge):
        fetch(address(newsroom), policy=policy(newsroom))


def test_an_endless_answer_without_a_length_is_stopped_at_the_cap(newsroom):
    def endless(room):
        room.close_connection = True
        room.send_response(200)
        room.end_headers()
        for _ in range(1000):
            room.wfile.write(TEXT)

    newsroom.answers["/a"] = endless
    with pytest.raises(TooLarge):
        fetch(address(newsroom), policy=policy(newsroom, max_bytes=10_000))


def test_a_body_that_is_cut_off_is_not_taken_for_whole(newsroom):
    def cut(room):
        room.close_connection = True
        room.answer(body=TEXT, length=len(TEXT) + 10)

    newsroom.answers["/a"] = cut
    with pytest.raises(BadResponse, match="cut off"):
        fetch(address(newsroom), policy=policy(newsroom))


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_body_that_is_cut_off_is_returned_as_far_as_it_came_where_a_part_will_do(newsroom, packed):
    sent = gzip.compress(random.Random(1).randbytes(50_000)) if packed else TEXT

    def cut(room):
        room.close_connection = True
        coding = {"Content-Encoding": "gzip"} if packed else {}
        room.answer(body=sent[:-10_000] if packed else sent, length=len(sent) + 10, **coding)

    newsroom.answers["/a"] = cut
    answer = fetch(address(newsroom), policy=policy(newsroom), part=True)
    whole = gzip.decompress(sent) if packed else TEXT
    assert answer.broke_off
    assert answer.body
    assert whole.startswith(answer.body)


def test_a_whole_body_has_not_broken_off(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=TEXT)
    assert fetch(address(newsroom), policy=policy(newsroom), part=True).broke_off is False


def test_a_slow_drip_ends_at_the_deadline(newsroom):
    def drip(room):
        room.close_connection = True
        room.send_response(200)
        room.end_headers()
        for _ in range(100):
            room.wfile.write(b".")
            time.sleep(0.05)

    newsroom.answers["/a"] = drip
    started = time.monotonic()
    with pytest.raises(TooSlow, match=r"longer than 0\.4 seconds"):
        fetch(address(newsroom), policy=policy(newsroom, wall_seconds=0.4, idle_seconds=5))
    assert time.monotonic() - started < 2


def test_silence_ends_after_the_idle_time(newsroom):
    done = threading.Event()
    newsroom.answers["/a"] = lambda room: done.wait(3)
    with pytest.raises(TooSlow, match=r"nothing for 0\.2 seconds"):
        fetch(address(newsroom), policy=policy(newsroom, idle_seconds=0.2))
    done.set()


def test_a_deadline_that_has_passed_opens_no_connection(newsroom):
    moments = iter([0.0, 100.0, 100.0, 100.0])
    with pytest.raises(TooSlow):
        fetch(address(newsroom), policy=policy(newsroom), now=lambda: next(moments))
    assert newsroom.asked == []


def test_it_is_not_http(newsroom):
    newsroom.answers["/a"] = lambda room: room.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
    with pytest.raises(BadResponse):
        fetch(address(newsroom), policy=policy(newsroom))


def test_nobody_listens():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        with pytest.raises(Unreachable, match="No connection"):
            fetch(f"http://127.0.0.1:{port}/", policy=Policy(allow=frozenset({("127.0.0.1", port)})))


def test_a_name_that_does_not_resolve():
    def nowhere(*args, **kwargs):
        raise socket.gaierror

    with pytest.raises(Unreachable, match="cannot be resolved"):
        fetch("http://news.example/", policy=Policy(), resolve=nowhere)


def test_the_next_checked_address_is_tried_when_the_first_is_dead(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=b"second")
    port = newsroom.server_port
    allowed = Policy(allow=frozenset({("127.0.0.1", port), ("127.0.0.9", port)}))
    got = fetch(f"http://news.example:{port}/a", policy=allowed, resolve=at("127.0.0.9", "127.0.0.1"))
    assert got.body == b"second"


def test_redirects_are_followed_and_counted(newsroom):
    for number in range(5):
        to = f"/{number + 1}"
        newsroom.answers[f"/{number}"] = lambda room, to=to: room.answer(302, Location=to)
    newsroom.answers["/5"] = lambda room: room.answer(body=b"end")
    assert fetch(address(newsroom, "/2"), policy=policy(newsroom)).final_url == address(newsroom, "/5")
    with pytest.raises(BadResponse, match="more than 3 times"):
        fetch(address(newsroom, "/1"), policy=policy(newsroom))


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{port}/",
        "http://[::ffff:7f00:1]:{port}/",
        "http://localhost:{port}/",
        "http://user@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/",
    ],
)
def test_a_redirect_cannot_reach_the_secret_server(newsroom, secret, target):
    location = target.format(port=secret.server_port)
    newsroom.answers["/a"] = lambda room: room.answer(302, Location=location)
    with pytest.raises(Refused):
        fetch(address(newsroom), policy=policy(newsroom))
    assert secret.asked == []


SPELLINGS = """
127.0.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.1 ①②⑦.0.0.1 127。0。0。1 0 localhost
[::1] [::ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::a9fe:a9fe] [2002:7f00:1::] [fec0::1] 169.254.169.254
100.100.100.200 224.0.0.1 10.0.0.1
"""


@pytest.mark.parametrize("host", SPELLINGS.split())
@pytest.mark.parametrize("port", ["", ":{port}"])
def test_no_spelling_of_an_inner_address_is_contacted(secret, host, port):
    url = f"http://{host}{port.format(port=secret.server_port)}/"
    with pytest.raises((Refused, Unreachable)):
        fetch(url, policy=Policy(wall_seconds=3))
    assert secret.asked == []


@pytest.mark.parametrize(
    "ips",
    [
        ("127.0.0.1",),
        ("93.184.215.14", "127.0.0.1"),
        ("10.0.0.1",),
        ("::1",),
        ("fe80::1%eth0",),
        ("64:ff9b::a9fe:a9fe",),
    ],
)
def test_one_inner_answer_refuses_the_whole_name(ips):
    with pytest.raises(Refused, match="not a public address"):
        fetch("http://news.example/", policy=Policy(), resolve=at(*ips))


def test_a_name_is_resolved_once_so_it_cannot_change_its_mind(newsroom):
    newsroom.answers["/a"] = lambda room: room.answer(body=b"checked")
    asked = []

    def flipping(host, port, **kwargs):
        asked.append(host)
        return at("127.0.0.1" if len(asked) == 1 else "10.0.0.1")(host, port)

    url = f"http://news.example:{newsroom.server_port}/a"
    assert fetch(url, policy=policy(newsroom), resolve=flipping).body == b"checked"
    assert asked == ["news.example"]


def test_other_ports_are_refused_on_public_addresses():
    with pytest.raises(Refused, match="Port 25"):
        fetch("http://news.example:25/", policy=Policy(), resolve=at("93.184.215.14"))


def test_an_exception_is_for_one_port_only(newsroom, secret):
    with pytest.raises(Refused):
        fetch(address(secret, "/"), policy=policy(newsroom))
    assert secret.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://news.example/", "http://a:b@news.example/", "nonsense", ""]
)
def test_other_than_plain_web_addresses_are_refused(url):
    with pytest.raises(Refused, match="Only plain http"):
        fetch(url, policy=Policy())


def test_a_redirect_never_leaves_https():
    with pytest.raises(Refused, match="unprotected http"):
        _next_address("https://news.example/a", "http://news.example/a", NOTHING)
    assert _next_address("https://news.example/a", "/b", NOTHING) == "https://news.example/b"
