import asyncio
import random
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from loopback import ANY_PORT, LoopbackResolver, Small, answer, loopback, serving
from roadmap_site.links.asking import address
from roadmap_site.links.asking.client import Client
from roadmap_site.links.network import Network, is_public_web
from roadmap_site.links.seen import Failure, Seen
from roadmap_site.links.settings import MAX_URL, Settings

SETTINGS = Settings(timeout=5)

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:808:808:0:0:80ff:fffe",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "193.0.0.1",
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_public(text: str) -> None:
    assert not is_public_web(ip_address(text), 443)


@pytest.mark.parametrize("text", PUBLIC)
def test_what_is_public(text: str) -> None:
    assert is_public_web(ip_address(text), 80)


def test_only_the_ports_of_the_web_are_public() -> None:
    address = ip_address("8.8.8.8")
    assert [port for port in range(1, 65536) if is_public_web(address, port)] == [80, 443]


def test_a_zone_is_an_interface_of_this_machine() -> None:
    assert not is_public_web(IPv6Address("2606:4700::1111%eth0"), 443)


def test_nothing_is_public_that_the_standard_library_calls_private() -> None:
    chance = random.Random(8)
    for _ in range(20_000):
        four, six = IPv4Address(chance.getrandbits(32)), IPv6Address(chance.getrandbits(128))
        assert not is_public_web(four, 80) or four.is_global
        embedded = six.ipv4_mapped or six.sixtofour
        assert not is_public_web(six, 80) or (embedded or six).is_global


# ------------------------------------------------------------------------------- how it is spelled

SPELLINGS = [
    "http://127.0.0.1",
    "http://127.1",
    "http://127.0.1",
    "http://2130706433",
    "http://0x7f.1",
    "http://0x7F000001",
    "http://017700000001",
    "http://0177.0.0.01",
    "http://127.0.0.1.",
    "http://0",
    "http://0.0.0.0",
    "http://0x",
    "http://[::1]",
    "http://[::]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:7f00:1]",
    "http://[0:0:0:0:0:ffff:127.0.0.1]",
    "http://[::127.0.0.1]",
    "http://[64:ff9b::127.0.0.1]",
    "http://[2002:7f00:1::]",
    "http://[fe80::1%25lo]",
    "http://[::1%25lo]",
    "http://[fe80::1%lo]",
    "http://127。0。0。1",
    "http://①②⑦.⓪.⓪.①",
    "http://127%2e0%2E0.1",
    "http://good.test@127.0.0.1",
    "http://good.test:80@127.0.0.1",
    "http://a@b@127.0.0.1",
    "http://good.test\\@127.0.0.1",
    "http://127.0.0.1\\@good.test",
    "http://good.test%00@127.0.0.1",
    "HTTP://127.0.0.1",
    "http:127.0.0.1",
    "http:/127.0.0.1",
    "http:///127.0.0.1",
    "//127.0.0.1",
]
NAMES = [
    "http://localhost",
    "http://LOCALHOST",
    "http://localhost.",
    "http://loc%61lhost",
    "http://secret.test",
    "http://a@localhost",
    "http://user:word@secret.test.",
]


def wide(text: str) -> str:
    """The text in the letters that East Asian typography has beside the narrow ones."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


SPELLINGS += ["http://" + wide("127.0.0.1"), "http://127.0.0." + wide("1")]
NAMES += ["http://" + wide("localhost")]


def with_port(url: str, port: int) -> list[str]:
    """The address with the port where it stands for browsers, and just at its end."""
    return [f"{url}:{port}/secret", f"{url}/secret", f"{url}:{port}"]


@pytest.mark.parametrize("url", SPELLINGS)
def test_numbers_in_any_notation_are_refused_by_their_text(url: str) -> None:
    assert all(address.refusal(one, Network()) for one in with_port(url, 80))


async def _unasked(network: Network, urls: list[str], secret: Small) -> list[Seen]:
    async with Client(SETTINGS, network) as client:
        found = [await client.ask(url) for url in urls]
    assert secret.heads == []
    assert secret.connections == 0
    return found


async def _says_hello(_target: str, _head: bytes, writer: object) -> None:
    assert isinstance(writer, asyncio.StreamWriter)
    writer.write(answer(200, b"hello"))


@pytest.mark.parametrize("url", SPELLINGS + NAMES)
def test_no_spelling_leads_to_loopback(url: str) -> None:
    """Every port is open, but no address of this machine is."""

    async def run() -> None:
        network = Network(lambda ip, _: is_public_web(ip, 80), ANY_PORT, LoopbackResolver)
        async with serving(_says_hello, "127.0.0.1") as secret:
            found = await _unasked(network, with_port(url, secret.port), secret)
            assert {seen.failure for seen in found} == {Failure.NOT_PUBLIC}

    asyncio.run(run())


@pytest.mark.parametrize("url", SPELLINGS + NAMES)
def test_no_redirect_leads_to_another_port(url: str) -> None:
    """Loopback is open at one port; what the answers there lead to is not."""

    async def run() -> None:
        async with serving(_says_hello) as secret:

            async def sends_on(target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
                if target not in ("/0", "/2"):  # a relative redirect
                    writer.write(answer())
                    return
                location = with_port(url, secret.port)[int(target[1:])]
                writer.write(answer(302, location=location.encode()))

            async with serving(sends_on) as front:
                urls = [front.url(f"/{number}") for number in (0, 2)]
                found = await _unasked(loopback([front.port]), urls, secret)
                for seen in found:
                    asked = {address.authority(hop.url) for hop in seen.hops}
                    assert asked == {f"127.0.0.1:{front.port}"}
                    is_refused = seen.failure in (Failure.NOT_PUBLIC, Failure.BAD_REDIRECT)
                    assert is_refused or len(seen.hops) == 2

    asyncio.run(run())


def test_a_name_that_changes_where_it_leads_is_vetted_each_time() -> None:
    async def run() -> None:
        async with serving(_says_hello, "127.0.0.2") as secret:

            async def sends_on(_target: str, _head: bytes, writer: asyncio.StreamWriter) -> None:
                writer.write(answer(302, location=secret.url("/", "rebind.test")))

            # the open address first, and the closed one from then on
            resolver = LoopbackResolver({"rebind.test": [["127.0.0.1"], ["127.0.0.2"]]})
            network = loopback(resolver=lambda: resolver)
            async with serving(sends_on) as front:
                [seen] = await _unasked(network, [front.url("/", "rebind.test")], secret)
                assert resolver.asked == ["rebind.test", "rebind.test"]
                assert seen.failure is Failure.NOT_PUBLIC
                assert [hop.code for hop in seen.hops] == [302]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("addresses", "failure"),
    [
        (["127.0.0.2"], Failure.NOT_PUBLIC),
        (["127.0.0.2", "127.0.0.3"], Failure.NOT_PUBLIC),
        (["127.0.0.2", "fe80::1", "10.0.0.1"], Failure.NOT_PUBLIC),
        (["127.0.0.2", "127.0.0.1"], None),
        (["127.0.0.1", "127.0.0.2"], None),
        (["fe80::1", "127.0.0.1"], None),
        (["fe80::1%1"], Failure.NOT_PUBLIC),
        (["::1%1"], Failure.NOT_PUBLIC),  # open, but not on an interface that a name chooses
    ],
)
def test_of_several_addresses_only_those_that_are_allowed_are_used(
    addresses: list[str], failure: Failure | None
) -> None:
    async def run() -> None:
        async with (
            serving(_says_hello) as front,
            serving(_says_hello, "127.0.0.2", front.port) as secret,
            Client(SETTINGS, loopback(answers={"many.test": [addresses]})) as client,
        ):
            seen = await client.ask(front.url("/", "many.test"))
            assert seen.failure is failure
            assert secret.connections == 0
            assert len(front.heads) == (failure is None)

    asyncio.run(run())


def test_a_dead_address_beside_a_closed_one_is_told_as_dead() -> None:
    async def run() -> None:
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            port = nobody.getsockname()[1]
            answers = {"half.test": [["fe80::1", "127.0.0.1"]]}
            async with Client(SETTINGS, loopback(answers=answers)) as client:
                seen = await client.ask(f"http://half.test:{port}/")
        assert seen.failure is Failure.REFUSED

    asyncio.run(run())


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with serving(_says_hello) as proxy, serving(_says_hello) as front:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
                monkeypatch.setenv(name, proxy.url())
            async with Client(SETTINGS, loopback()) as client:
                seen = await client.ask(front.url("/", "user:word@a.test"))
            assert seen.code == 200
            assert proxy.connections == 0
            assert b"authorization" not in front.heads[0].lower()
            assert b"word" not in front.heads[0]

    asyncio.run(run())


# --------------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("HTTP://example.org:80/a#b", "http://example.org/a"),
        ("https://example.org:443/", "https://example.org/"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("https://me:secret@example.org/?q#f?", "https://example.org/?q"),
        ("https://example.org?a=b", "https://example.org/?a=b"),
        ("https://example.org/a%2Fb%2e%7e%zz", "https://example.org/a%2Fb%2e%7e%zz"),
        ("https://example.org/x//y/?a=1&&b=+%20;'", "https://example.org/x//y/?a=1&&b=+%20;%27"),
        ("https://example.org/a/./b/../c/..", "https://example.org/a/"),
        ("https://example.org/.well-known/../../x", "https://example.org/x"),
        ("https://example.org/Ä(ö)?ü=€", "https://example.org/%C3%84(%C3%B6)?%C3%BC=%E2%82%AC"),
        ('https://example.org/{a}"<b>`?{c}"', "https://example.org/%7Ba%7D%22%3Cb%3E%60?{c}%22"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER。example", "https://xn--bcher-kva.example/"),
        ("http://نامه\u200c\u0627ی.example/", "http://xn--mgba3gch31f060k.example/"),
        ("http://i❤\ufe0f.example/", "http://xn--i-7iq.example/"),
        ("https://example.org./", "https://example.org./"),
        ("https://a_b.example.org:/", "https://a_b.example.org/"),
        ("http://0x8.8.2056/", "http://8.8.8.8/"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_how_an_address_is_asked(url: str, asked: str) -> None:
    assert address.request_url(url) == asked
    assert address.request_url(asked) == asked


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", address.NO_WEB_ADDRESS),
        ("example.org/a", address.NO_WEB_ADDRESS),
        ("ftp://example.org/", address.NO_WEB_ADDRESS),
        ("javascript:alert(1)", address.NO_WEB_ADDRESS),
        ("https://", address.NO_HOST),
        ("https:///a", address.NO_HOST),
        ("https://user@/a", address.NO_HOST),
        ("https://:443/", address.NO_HOST),
        ("https://example.org:x/", address.BAD_PORT),
        ("https://example.org:0/", address.BAD_PORT),
        ("https://example.org:65536/", address.BAD_PORT),
        ("https://example.org:" + wide("443"), address.BAD_PORT),
        ("https://[::1]443/", address.BAD_PORT),
        ("https://example.org:8080/", "port 8080 is none of the web's"),
        ("https://example..org/", address.BAD_HOST),
        ("https://.example.org/", address.BAD_HOST),
        ("https://exa$mple.org/", address.BAD_HOST),
        ("https://" + "a" * 64 + ".org/", address.BAD_HOST),
        ("https://" + "a." * 200 + "org/", address.BAD_HOST),
        ("https://1.2.3.4.5/", address.BAD_HOST),
        ("https://1.2.3.256/", address.BAD_HOST),
        ("https://example.09/", address.BAD_HOST),
        ("https://[::1/", address.BAD_HOST),
        ("https://[v1.x]/", address.BAD_HOST),
        ("https://%ff.example/", address.BAD_HOST),
        ("https://\ud800.example/", address.BAD_HOST),
        ("https://example.org/a b", address.NOT_ALLOWED),
        ("https://example.org/a\tb", address.NOT_ALLOWED),
        ("https://example.org/\r\nHost: x", address.NOT_ALLOWED),
        ("https://example.org\\a", address.NOT_ALLOWED),
        ("https://example.org/" + "a" * MAX_URL, address.TOO_LONG),
        ("http://192.168.0.1/", address.NOT_PUBLIC),
    ],
)
def test_what_is_not_asked(url: str, why: str) -> None:
    assert address.refusal(url, Network()) == why
    address.request_url(url)  # raises nothing


@pytest.mark.parametrize("url", ["https://example.org/", "http://intranet/", "https://1e100.net/"])
def test_names_are_judged_where_they_lead(url: str) -> None:
    assert address.refusal(url, Network()) == ""


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("", "https://here.test/a/b?q"),
        ("#part", "https://here.test/a/b?q#part"),
        ("?", "https://here.test/a/b?"),
        ("?x=/y:z", "https://here.test/a/b?x=/y:z"),
        ("c", "https://here.test/a/c"),
        ("c?", "https://here.test/a/c?"),
        ("./c", "https://here.test/a/c"),
        ("../../../c/", "https://here.test/c/"),
        ("%2E%2e/c/.%2e/d/%2E", "https://here.test/d/"),
        ("/c", "https://here.test/c"),
        ("//there.test/c", "https://there.test/c"),
        ("///there.test/c", "https://there.test/c"),
        ("\\\\there.test\\c", "https://there.test/c"),
        ("http:c", "http://c/"),
        ("http:/c", "http://c/"),
        ("http:///there.test/c", "http://there.test/c"),
        ("HTTPS:c", "https://here.test/a/c"),
        ("https:/c", "https://here.test/c"),
        ("https:////there.test/c", "https://there.test/c"),
        ("https:?x", "https://here.test/a/b?x"),
        ("c:d", "c:d"),
        ("c/d:e", "https://here.test/a/c/d:e"),
    ],
)
def test_where_a_location_leads(location: str, url: str) -> None:
    """As the URL standard has it, and so every browser."""
    led = address.redirected("https://here.test/a/b?q", location)
    assert address.request_url(led) == url.partition("#")[0]
    assert led.partition("#")[2] == url.partition("#")[2]


def test_no_text_makes_an_address_raise() -> None:
    chance = random.Random(3)
    letters = "ht tps:/?#[]@!$&'()*+,;=%0aé。\ud800\udc80\x00\\.xX17f:-_ß\u200d"
    for _ in range(8_000):
        tail = "".join(chance.choices(letters, k=chance.randrange(12)))
        for url in (tail, "http://" + tail, "https://example.org" + tail):
            if not address.refusal(url, Network()):
                asked = address.request_url(url)
                assert asked.isascii()
                assert not address.refusal(asked, Network())
                assert address.request_url(asked) == asked
            address.redirected("https://example.org/", url)
