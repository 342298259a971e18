"""The servers that misbehave do what they are told, as plain sockets see it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Iterator

import pytest

from links.cases import ROUTES, ROWS
from misbehaving import CLOSED, FULL, LOOPBACK, SECRET, Servers, client_tls, misbehaving

PATIENCE = 60


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with misbehaving("links.cases") as running:
        yield running


@pytest.fixture(autouse=True)
def forgetful(servers: Servers) -> None:
    servers.forget()


def ask(servers: Servers, host: str, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, servers.ports[host], timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def raw(servers: Servers, host: str, path: str, *, until: int = 1 << 20) -> bytes:
    """What a socket gets until the other side closes it."""
    got = b""
    with socket.create_connection((LOOPBACK, servers.ports[host]), PATIENCE) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while len(got) < until and (part := sock.recv(65_536)):
            got += part
    return got


def test_each_path_answers_as_its_row_says(servers: Servers) -> None:
    assert ask(servers, "plain", "/200")[0] == 200
    assert ask(servers, "plain", "/404")[0] == 404
    assert ask(servers, "plain", "/no-row-has-this")[0] == 404


def test_a_path_remembers_how_often_it_was_asked(servers: Servers) -> None:
    assert [ask(servers, "plain", "/404-then-200")[0] for _ in range(3)] == [404, 200, 200]
    servers.forget()
    assert ask(servers, "plain", "/404-then-200")[0] == 404


def test_requests_are_recorded_to_the_letter(servers: Servers) -> None:
    ask(servers, "plain", "/keeps/a%2Fb?x=%20", Accept="text/html")
    (request,) = servers.record().requests
    assert (request.host, request.method, request.target) == ("plain", "GET", "/keeps/a%2Fb?x=%20")
    assert request.header("accept") == "text/html"
    assert servers.record().asked("plain", "/keeps/a%2Fb") == 1
    assert servers.record().connections["plain"] == 1


def test_hosts_are_put_into_locations(servers: Servers) -> None:
    head = raw(servers, "plain", "/location-absolute", until=50).decode()
    assert f"Location: http://127.0.0.1:{servers.ports['other']}/new\r\n" in head


def test_resets(servers: Servers) -> None:
    with pytest.raises(ConnectionResetError):
        raw(servers, "reset-always", "/reset-always")
    with pytest.raises(ConnectionResetError):
        raw(servers, "reset-in-headers", "/reset-in-headers")


def test_silence(servers: Servers) -> None:
    with socket.create_connection((LOOPBACK, servers.ports["silent"]), 0.3) as sock:
        sock.sendall(b"GET /silent HTTP/1.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            sock.recv(1)


def test_closed_and_full(servers: Servers) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, servers.ports[CLOSED]), PATIENCE)
    with pytest.raises(TimeoutError):
        socket.create_connection((LOOPBACK, servers.ports[FULL]), 0.3)


def test_the_secret_counts_who_connects(servers: Servers) -> None:
    assert servers.record().connections.get(SECRET, 0) == 0
    ask(servers, SECRET, "/")
    assert servers.record().connections[SECRET] == 1


def test_endless_bodies_end_with_the_connection_and_are_counted(servers: Servers) -> None:
    raw(servers, "endless", "/endless", until=1 << 20)
    assert 1 << 20 <= servers.record().sent["endless/endless"] < 8_000_000


def test_greetings_come_first(servers: Servers) -> None:
    with socket.create_connection((LOOPBACK, servers.ports["ssh"]), PATIENCE) as sock:
        assert sock.recv(8) == b"SSH-2.0-"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("expired", "has expired"),
        ("future", "not yet valid"),
        ("self-signed", "self-signed"),
        ("wrong-name", "IP address mismatch"),
    ],
)
def test_certificates_are_as_bad_as_they_say(servers: Servers, host: str, reason: str) -> None:
    address = (LOOPBACK, servers.ports[host])
    with (
        socket.create_connection(address, PATIENCE) as sock,
        pytest.raises(ssl.SSLCertVerificationError, match=reason),
    ):
        client_tls().wrap_socket(sock, server_hostname=LOOPBACK)


def test_the_good_certificate_is_good(servers: Servers) -> None:
    context = client_tls()
    for name in (LOOPBACK, "localhost", "secure.test"):
        address = (LOOPBACK, servers.ports["secure"])
        with (
            socket.create_connection(address, PATIENCE) as sock,
            context.wrap_socket(sock, server_hostname=name) as secured,
        ):
            assert secured.getpeercert()


def test_the_table_is_in_order() -> None:
    """Each row has a name of its own, a reason, and a path that is served."""
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))
    for row in ROWS:
        assert row.why, row.name
        if not row.at and not row.greets:
            assert f"/{row.name}" in ROUTES[row.host], row.name
