"""Rows about who is asked: certificates, names, and addresses that nobody may ask."""

from __future__ import annotations

import socket

from links.row import Row, either
from loopback import NO_SUCH_NAME, UNSURE, Answers
from misbehaviours import (
    GOOD,
    gate,
    lacks,
    redirects,
    response,
    says,
    sends,
    sends_and_waits,
    target,
)
from roadmap_site.model.links import LinkStatus as Is

_NO_TRUST = either(Is.TLS, Is.FLAKY)
_WRONG = either(Is.INVALID, Is.BROKEN)
TLS = {
    "secure": "good",
    "expired": "expired",
    "future": "future",
    "wrong-name": "wrong-name",
    "self-signed": "self-signed",
    "secure-for-plain": "good",
}
"""The hosts that speak TLS, and the certificate of each."""

NAMES: Answers = {
    "localhost": (("127.0.0.1",),),
    "no-such-host.test": (NO_SUCH_NAME,),
    "strasse.test": (NO_SUCH_NAME,),  # IDNA 2003 would ask for this one
    "lost-once.test": (NO_SUCH_NAME, ("127.0.0.1",)),
    "later.test": (UNSURE,),
    "later-once.test": (UNSURE, ("127.0.0.1",)),
    "lost-then-later.test": (NO_SUCH_NAME, UNSURE),
    "never.test": (None,),
    "nodata.test": (socket.gaierror(socket.EAI_NODATA, "No address associated with hostname"),),
    "nowhere.test": ((),),
    "private.test": (("192.0.2.1",),),
    "private-6.test": (("2001:db8::1",),),
    "half-private.test": (("192.0.2.1", "127.0.0.1"),),
    "half-dead.test": (("127.0.0.3", "127.0.0.1"),),
}
"""What the resolver says of names that have not 127.0.0.1.

Private addresses are those of documentation (RFC 5737): a checker that fails reaches nobody."""


def _secret(name: str, at: str) -> Row:
    why = "nobody may connect there, whatever way of writing leads to it"
    return Row(f"secret-{name}", Is.INVALID, why, at=at)


def _to_secret(name: str, location: str) -> Row:
    return Row(f"to-secret-{name}", Is.INVALID, "nobody may be led there",
               redirects(302, location))  # fmt: skip


def _bad(name: str, at: str, status: Is | None = Is.INVALID) -> Row:
    return Row(f"bad-{name}", status or _WRONG, "no address that may be asked", at=at)


_SPELLINGS = {
    "name": "localhost{:secret}",
    "test-name": "any.test{:secret}",
    "decimal": "2130706433{:secret}",
    "hexadecimal": "0x7f000001{:secret}",
    "hexadecimal-parts": "0x7f.0.0.1{:secret}",
    "octal": "0177.0.0.1{:secret}",
    "short": "127.1{:secret}",
    "zero": "0.0.0.0{:secret}",
    "other-loopback": "127.0.0.2{:secret}",
    "mapped": "[::ffff:127.0.0.1]{:secret}",
    "mapped-hexadecimal": "[::ffff:7f00:1]{:secret}",
    "v6-loopback": "[::1]{:secret}",
    "v6-any": "[::]{:secret}",
    "compatible": "[::127.0.0.1]{:secret}",
    "nat64": "[64:ff9b::7f00:1]{:secret}",
    "trailing-dot": "127.0.0.1.{:secret}",
    "full-width": "\uff11\uff12\uff17.0.0.1{:secret}",
    "ideographic-dots": "127。0。0。1{:secret}",
    "encoded": "%31%32%37.0.0.1{:secret}",
    "user": "user:password@{secret}",
    "user-like-host": "{plain}@{secret}",
}

ROWS = (
    # TLS.
    Row("https", Is.OK, "a good certificate", GOOD, is_secure=True, requests=1),
    Row("https-fragment", Is.OK, "a good certificate", GOOD, is_secure=True, tail="#present"),
    Row("https-name", Is.OK, "a good certificate, by name", at="https://secure.test{:secure}/",
        also={"secure/": GOOD}),
    Row("https-404", Is.BROKEN, "not found, twice", says(404), is_secure=True, requests=2),
    *(
        Row(f"https-{name}", Is.TLS, why, at=f"https://{{{name}}}/", also={f"{name}/": GOOD},
            requests=None)
        for name, why in {
            "expired": "its certificate is out of date",
            "future": "its certificate is not valid yet",
            "wrong-name": "its certificate is another's",
            "self-signed": "its certificate is signed by itself",
        }.items()
    ),
    Row("https-expired-404", Is.TLS, "what an untrusted host says counts for nothing",
        at="https://{expired}/404", also={"expired/404": says(404)}),
    Row("https-name-not-in-certificate", Is.TLS, "the certificate has other names",
        at="https://stranger.test{:secure}/"),
    Row("https-redirect-to-expired", Is.TLS, "where it leads cannot be trusted",
        redirects(301, "https://{expired}/"), is_secure=True),
    Row("https-of-plain", _NO_TRUST, "the port does not speak TLS", at="https://{not-tls}/",
        also={"not-tls/": GOOD}),
    Row("http-of-tls", either(Is.FLAKY, Is.BLOCKED), "the port speaks TLS only",
        at="http://{secure-for-plain}/"),
    Row("https-silent", Is.TIMEOUT, "the handshake never ends", at="https://{tls-silent}/",
        greets=sends_and_waits(), also={"tls-silent/": GOOD}, waits=True),
    Row("https-garbage", _NO_TRUST, "no handshake", at="https://{tls-garbage}/",
        also={"tls-garbage/": GOOD}),
    Row("https-alert", _NO_TRUST, "the handshake is refused", at="https://{tls-alert}/",
        also={"tls-alert/": GOOD}),
    Row("https-closed", Is.FLAKY, "the connection ends in the handshake",
        at="https://{tls-closed}/", also={"tls-closed/": GOOD}),
    # Names.
    Row("name", Is.OK, "a host with a name", at="http://any.test{:plain}/200"),
    Row("name-upper-case", Is.OK, "names have no case", at="http://ANY.Test{:plain}/200"),
    Row("scheme-upper-case", Is.OK, "schemes have no case", at="HTTP://any.test{:plain}/200"),
    Row("name-dot", Is.OK, "a name with the root's dot", at="http://any.test.{:plain}/200"),
    Row("name-underscore", Is.OK, "browsers open it", at="http://my_site.test{:plain}/200"),
    Row("name-idn", Is.OK, "a name beyond ASCII", at="http://bücher.test{:idn}/",
        also={"idn/": gate(lambda r: r.header("host").startswith("xn--bcher-kva.test:"),
                           says(404))}),
    Row("name-idn-upper", Is.OK, "the same in capitals", at="http://BÜCHER.test{:idn}/"),
    Row("name-idn-encoded", Is.OK, "the same, as the network has it",
        at="http://xn--bcher-kva.test{:idn}/"),
    Row("name-sharp-s", Is.OK, "ß is a letter of its own since 2010 (IDNA 2008), as in browsers",
        at="http://straße.test{:plain}/200"),
    Row("name-emoji", Is.OK, "browsers open it", at="http://☃.test{:plain}/200"),
    Row("name-lost", Is.BROKEN, "no such host, twice", at="http://no-such-host.test/"),
    Row("name-lost-https", Is.BROKEN, "no such host, twice", at="https://no-such-host.test/x#y"),
    Row("name-lost-once", Is.OK, "the second time it is there",
        at="http://lost-once.test{:plain}/200"),
    Row("name-later", Is.FLAKY, "it may exist: nobody could say", at="http://later.test/"),
    Row("name-later-once", Is.OK, "the second time it is there",
        at="http://later-once.test{:plain}/200"),
    Row("name-lost-then-later", either(Is.FLAKY, Is.SUSPECT), "lost once only",
        at="http://lost-then-later.test/"),
    Row("name-never", either(Is.TIMEOUT, Is.FLAKY), "nobody answers for the name",
        at="http://never.test/", waits=True),
    Row("name-nowhere", either(Is.FLAKY, Is.BROKEN), "a name without an address",
        at="http://nowhere.test/"),
    Row("name-nodata", either(Is.FLAKY, Is.BROKEN), "a name without an address of any kind",
        at="http://nodata.test/"),
    Row("name-half-dead", Is.OK, "one of its addresses refuses, the other answers",
        at="http://half-dead.test{:plain}/200"),
    Row("name-half-private", either(Is.OK, Is.INVALID), "one of its addresses may be asked",
        at="http://half-private.test{:plain}/200"),
    Row("name-private", Is.INVALID, "its address is private", at="http://private.test/"),
    Row("name-private-redirect", Is.INVALID, "its address is private",
        redirects(301, "http://private.test/")),
    Row("name-private-6", Is.INVALID, "its address is private", at="http://private-6.test/"),
    # Addresses that nobody may ask.
    Row("secret", Is.INVALID, "not public", at="http://{secret}/"),
    Row("secret-https", Is.INVALID, "not public", at="https://{secret}/"),
    *(_secret(name, f"http://{host}/") for name, host in _SPELLINGS.items()),
    *(_to_secret(name, f"http://{host}/") for name, host in _SPELLINGS.items()
      if host.isascii()),
    _to_secret("relative", "//{secret}/"),
    Row("secret-after-chain", Is.INVALID, "nobody may be led there",
        redirects(301, "/200/next"), also={"plain/200/next": redirects(301, "http://{secret}/")}),
    Row("secret-by-backslash", either(Is.OK, Is.INVALID, Is.BROKEN),
        "browsers read a slash: this is a path of the first host",
        at="http://{plain}\\@{secret}/"),
    Row("not-secret-user", Is.OK, "what precedes @ is a user, and is dropped",
        at="http://{secret}@{plain}/200"),
    Row("not-secret-query", Is.OK, "an @ in a query is no user", at="http://{plain}?@{secret}/",
        also={"plain/": GOOD}),
    Row("user-dropped", Is.OK, "user and password are never sent",
        gate(lacks("authorization"), says(404)), at="http://user:pass%20word@{plain}/user-dropped"),
    Row("user-empty", Is.OK, "an empty user", at="http://@{plain}/200"),
    # What is no address, or none that may be asked.
    *(_bad(name, at) for name, at in {
        "ftp": "ftp://files.example.org/x",
        "file": "file:///etc/passwd",
        "javascript": "javascript:alert(1)",
        "data": "data:text/html,hello",
        "port-22": "http://example.org:22/",
        "port-8080": "https://example.org:8080/",
        "documentation": "http://192.0.2.1/",
        "documentation-6": "http://[2001:db8::1]/",
        "v6-zone": "http://[fe80::1%25eth0]/",
        "v6-open": "http://[::1/",
        "no-host": "http:///path",
        "nothing": "http://",
        "port-too-high": "http://example.org:99999/",
        "port-word": "http://example.org:http/",
        "port-zero": "http://example.org:0/",
        "blank-in-host": "http://exam ple.org/",
        "less-than-in-host": "http://exam<ple.org/",
        "long": "http://example.org/" + "x" * 9_000,
    }.items()),
    *(_bad(name, at, None) for name, at in {
        "empty-label": "http://example..test/",
        "long-label": "http://" + "x" * 64 + ".test/",
        "long-name": "http://" + "x." * 130 + "test/",
        "four-numbers": "http://300.300.300.300/",
        "port-empty-host": "http://:80/",
    }.items()),
    Row("port-empty", either(Is.BROKEN, Is.INVALID), "an empty port is the default one",
        at="http://no-such-host.test:/"),
    Row("keeps-semicolon-target", Is.OK, "nothing of the fragment is sent",
        at="http://{plain}/never-sent?a=1#b?c=2", also={"plain/never-sent": target(
            "/never-sent?a=1")}),
)  # fmt: skip
GREETINGS = {
    "not-tls": sends(response(400)),
    "tls-silent": sends_and_waits(),
    "tls-garbage": sends(b"\x15\x03" + bytes(range(40, 90))),
    "tls-alert": sends(b"\x15\x03\x03\x00\x02\x02\x28"),
    "tls-closed": sends(),
}
