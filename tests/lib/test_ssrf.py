"""No spelling, redirect or lookup leads to a server inside: tried against a real one that counts its visits."""

import datetime
import socket  # noqa: TID251 - the shape of a resolver's answers
import ssl
from contextlib import nullcontext

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks import _hostile
from benchmarks._addresses import ANSWERS, PORTS, REDIRECTS, URLS
from benchmarks.faults_fetch import BITES, at, reached_unguarded
from riskreview.lib import http
from riskreview.lib.http import FetchFailed, Policy, Refused, Unreachable, fetch

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def secret():
    with _hostile.serving_both({}) as server:
        yield server
        assert server.visits == []


@pytest.fixture
def ours():
    with _hostile.serving({}) as server:
        yield server


def policy(*servers):
    return Policy(frozenset(("127.0.0.1", server.server_port) for server in servers))


def redirect(ours, location, path="/go", **headers):
    ours.answers[path] = lambda room: room.begin(status=302, length=0, Location=location, **headers)


def test_the_table_is_long_enough_to_mean_something():
    assert len(URLS) + len(REDIRECTS) + len(ANSWERS) >= 60
    assert len(set(URLS)) == len(URLS)


def test_the_table_bites_when_nobody_looks():
    assert reached_unguarded() >= BITES


@pytest.mark.parametrize("url", URLS)
def test_no_spelling_leads_inside(secret, ours, url):
    with pytest.raises((Refused, Unreachable)):
        fetch(url.format(port=secret.server_port, open=ours.server_port), policy=Policy(wall_seconds=3))
    assert secret.visits == []


@pytest.mark.parametrize("url", [url for url in URLS if "{open}" in url])
def test_no_spelling_that_names_an_allowed_server_leads_to_another(secret, ours, url):
    with pytest.raises(FetchFailed) if "#" not in url and "?" not in url else nullcontext():
        fetch(url.format(port=secret.server_port, open=ours.server_port), policy=policy(ours))
    assert secret.visits == []


@pytest.mark.parametrize("target", REDIRECTS)
def test_no_redirect_leads_inside(secret, ours, target):
    redirect(ours, target.format(port=secret.server_port, open=ours.server_port))
    with pytest.raises(FetchFailed):
        fetch(f"http://127.0.0.1:{ours.server_port}/go", policy=policy(ours))
    assert secret.visits == []
    assert ours.visits == ["/go"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("hops", [1, 2, 3])
def test_no_kind_of_redirect_leads_inside_however_late(secret, ours, status, hops):
    for number in range(hops):
        target = f"/{number + 1}" if number + 1 < hops else f"http://127.0.0.1:{secret.server_port}/"
        ours.answers[f"/{number}"] = lambda room, to=target: room.begin(status=status, length=0, Location=to)
    with pytest.raises(Refused, match="only 80 and 443"):
        fetch(f"http://127.0.0.1:{ours.server_port}/0", policy=policy(ours))
    assert secret.visits == []
    assert len(ours.visits) == hops


def test_a_refresh_or_another_status_is_not_followed(secret, ours):
    inside = f"http://127.0.0.1:{secret.server_port}/"
    ours.answers["/a"] = lambda room: room.begin(length=0, Location=inside, Refresh=f"0; url={inside}")
    assert fetch(f"http://127.0.0.1:{ours.server_port}/a", policy=policy(ours)).status == 200
    assert secret.visits == []


def test_the_fourth_redirect_is_one_too_many(ours):
    for number in range(4):
        redirect(ours, f"/{number + 1}", f"/{number}")
    with pytest.raises(FetchFailed, match="more than 3 times"):
        fetch(f"http://127.0.0.1:{ours.server_port}/0", policy=policy(ours))
    assert ours.visits == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize("ips", ANSWERS)
def test_one_answer_inside_refuses_the_name(ips):
    with pytest.raises(Refused, match="not a public address"):
        fetch("http://news.example/", policy=Policy(), resolve=at(*ips))


@pytest.mark.parametrize("port", PORTS)
def test_other_ports_are_closed(port):
    with pytest.raises(Refused, match=f"Port {port}"):
        fetch(f"http://news.example:{port}/", policy=Policy(), resolve=at("93.184.215.14"))


def flipping(*turns):
    """A resolver that answers each lookup with the next of these, and then with the last."""
    left = list(turns)
    return lambda host, port, **_: at(left.pop(0) if len(left) > 1 else left[0])(host, port)


def test_a_name_that_changes_its_mind_between_two_hops_is_checked_again(secret, ours):
    """The second server has the port of the first, at another address of the same machine."""
    redirect(ours, "/again")
    with pytest.raises(Refused, match=r"127\.0\.0\.2, which|only 80 and 443"):
        fetch(
            f"http://news.example:{ours.server_port}/go",
            policy=policy(ours),
            resolve=flipping("127.0.0.1", "127.0.0.2"),
        )
    assert ours.visits == ["/go"]


def test_the_address_that_was_checked_is_the_one_connected_to(ours, monkeypatch):
    """Whatever the system answers to the name a moment later."""
    system, asked = socket.getaddrinfo, []

    def changed(host, *args, **more):
        asked.append(host)
        return system("127.0.0.2" if host == "news.example" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changed)
    url = f"http://news.example:{ours.server_port}/"
    assert fetch(url, policy=policy(ours), resolve=at("127.0.0.1")).body == b"secret"
    assert "news.example" not in asked


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_no_proxy_of_the_environment_is_asked(secret, ours, monkeypatch, name):
    monkeypatch.setenv(name, f"http://127.0.0.1:{secret.server_port}")
    assert fetch(f"http://127.0.0.1:{ours.server_port}/", policy=policy(ours)).body == b"secret"
    assert secret.visits == []


def certificate(folder):
    """A certificate for news.example that vouches for itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file, pem = folder / "news.pem", serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file


@pytest.fixture
def protected(ours, tmp_path, monkeypatch):
    """The server that may be visited, over TLS."""
    file = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    ours.socket = context.wrap_socket(ours.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr(http, "_ssl_context", lambda: trusting)
    return ours


def test_a_redirect_from_https_to_http_is_not_followed(protected, secret):
    redirect(protected, f"http://news.example:{secret.server_port}/")
    with pytest.raises(Refused, match="unprotected http"):
        fetch(
            f"https://news.example:{protected.server_port}/go",
            policy=policy(protected, secret),
            resolve=at("127.0.0.1"),
        )
    assert protected.visits == ["/go"]


def test_the_certificate_is_checked_against_the_name_not_the_address(protected):
    def over(name):
        url = f"https://{name}:{protected.server_port}/"
        return fetch(url, policy=policy(protected), resolve=at("127.0.0.1"))

    assert over("news.example").body == b"secret"
    with pytest.raises(Unreachable, match="certificate"):
        over("other.example")
