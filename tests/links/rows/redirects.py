"""Rows about redirects: one, many, in circles, to places where nothing may be asked."""

from __future__ import annotations

from collections.abc import Mapping

from links.row import Row, either
from misbehaving import Behaviour, Request
from misbehaviours import (
    GOOD,
    after,
    counts_cookies,
    gate,
    grows,
    lacks,
    page,
    redirects,
    says,
    sees,
    sends,
    sends_and_waits,
    shows,
    target,
    turns,
)
from roadmap_site.model.links import LinkStatus as Is

_KINDS = {301: Is.MOVED, 302: Is.OK, 303: Is.OK, 307: Is.OK, 308: Is.MOVED}
_HARMLESS = either(Is.BLOCKED, Is.FLAKY, Is.SUSPECT)
_WRONG = either(Is.BROKEN, Is.INVALID)
_LOGIN = page("Log in", '<form method="post"><input type="password" name="p"></form>')


def _chain(name: str, *codes: int, end: Behaviour = GOOD) -> Mapping[str, Behaviour]:
    """Behaviours of the whole chain; it begins at `/<name>` and ends at `/<name>/end`."""
    steps = [f"/{name}", *(f"/{name}/{n}" for n in range(1, len(codes))), f"/{name}/end"]
    chain = {
        f"plain{step}": redirects(code, following)
        for step, following, code in zip(steps, steps[1:], codes, strict=False)
    }
    return {**chain, f"plain{steps[-1]}": end}


def _row(name: str, status: Is, why: str, *codes: int, end: Behaviour = GOOD) -> Row:
    target_of = f"http://{{plain}}/{name}/end" if status is Is.MOVED else ""
    chain = _chain(name, *codes, end=end)
    return Row(name, status, why, chain[f"plain/{name}"], also=chain, replacement=target_of)


def _to_home(name: str, host: str, code: int, location: str = "/") -> Row:
    why = "a deep address that leads to the home page is gone, whatever the status says"
    at = f"http://{{{host}}}/courses/{name}"
    return Row(name, Is.SUSPECT, why, at=at, also={
        f"{host}/courses/{name}": redirects(code, location), f"{host}/": GOOD
    })  # fmt: skip


def _without_cookies(request: Request) -> bool:
    return not request.header("cookie")


ROWS = (
    *(_row(f"{code}-to-good", status, "permanent is moved, temporary is fine", code)
      for code, status in _KINDS.items()),
    *(_row(f"{code}-to-404", Is.BROKEN, "where it leads is not found, twice", code, end=says(404))
      for code in _KINDS),
    _row("301-to-410", Is.BROKEN, "where it leads is gone, twice", 301, end=says(410)),
    _row("301-to-404-once", Is.MOVED, "the second time it works", 301,
         end=turns(says(404), GOOD)),
    _row("301-to-403", Is.BLOCKED, "it leads to a wall", 301, end=says(403)),
    _row("chain-of-5", Is.MOVED, "all permanent", 301, 308, 301, 308, 301),
    _row("chain-of-5-mixed", Is.OK, "one of them is temporary", 301, 308, 302, 301, 301),
    _row("chain-of-5-mixed-last", Is.OK, "the last is temporary", 301, 301, 301, 301, 307),
    _row("chain-of-12", Is.MOVED, "all permanent", *[301] * 12),
    _row("chain-of-12-mixed", Is.OK, "some are temporary", *[301, 302] * 6),
    _row("chain-of-20", Is.MOVED, "as many as the Fetch standard follows (4.4)", *[308] * 20),
    _row("chain-of-21", Is.BROKEN, "one more than browsers follow", *[308] * 21),
    _row("chain-of-25", Is.BROKEN, "more than browsers follow", *[302] * 25),
    Row("301-to-500", Is.FLAKY, "where it leads fails, twice", redirects(301, "http://{failing}/x"),
        also={"failing/x": says(500)}),
    Row("loop-self", Is.BROKEN, "leads to itself", redirects(302, "/loop-self")),
    Row("loop-self-301", Is.BROKEN, "leads to itself for good", redirects(301, "/loop-self-301")),
    Row("loop-two", Is.BROKEN, "two lead to each other", redirects(302, "/loop-two/other"),
        also={"plain/loop-two/other": redirects(302, "/loop-two")}),
    Row("loop-fragment", Is.BROKEN, "a fragment is never sent: this is a circle",
        redirects(301, "/loop-fragment#part")),
    Row("loop-empty", either(Is.BROKEN, Is.SUSPECT, Is.BLOCKED, Is.FLAKY),
        "an empty Location is the page itself; some browsers ignore it", redirects(302, "")),
    Row("growing", Is.BROKEN, "never ends, and never repeats itself",
        grows),
    Row("cookie-gate", Is.OK, "a cookie lets in, as in every browser",
        gate(sees("cookie", "in=1"), redirects(302, "/cookie-gate", {"Set-Cookie": "in=1"}))),
    Row("cookie-gate-by-name", Is.OK, "the same on a host with a name",
        at="http://gate.test{:gate}/", also={
            "gate/": gate(sees("cookie", "in=1"),
                          redirects(302, "/", {"Set-Cookie": "in=1; Path=/; HttpOnly"}))}),
    Row("cookie-gate-301", either(Is.OK, Is.MOVED), "permanent, but to itself: nothing to mend",
        gate(sees("cookie", "in=1"), redirects(301, "/cookie-gate-301", {"Set-Cookie": "in=1"}))),
    Row("cookie-gate-there-and-back", Is.OK, "by way of a page that sets the cookie",
        gate(sees("cookie", "back=1"), redirects(302, "/cookie-gate-there-and-back/set")),
        also={"plain/cookie-gate-there-and-back/set": redirects(
            302, "/cookie-gate-there-and-back", {"Set-Cookie": "back=1; Path=/"})}),
    Row("cookie-counter", Is.OK, "the same address three times, with another cookie each time",
        counts_cookies(3)),
    Row("cookie-deleted", Is.OK, "a cookie that is taken back is not sent",
        redirects(302, "/cookie-deleted/2", {"Set-Cookie": "d=1; Path=/"}), also={
            "plain/cookie-deleted/2": redirects(
                302, "/cookie-deleted/3", {"Set-Cookie": "d=; Path=/; Max-Age=0"}),
            "plain/cookie-deleted/3": gate(lacks("cookie", "d="), says(404))}),
    Row("cookie-of-a-path", Is.OK, "a cookie of one path is not sent to another",
        redirects(302, "/cookie-of-a-path/2", {"Set-Cookie": "p=1; Path=/elsewhere"}), also={
            "plain/cookie-of-a-path/2": gate(lacks("cookie", "p="), says(404))}),
    Row("cookie-setter", Is.OK, "sets a cookie that no other chain may send",
        says(200, "", {"Set-Cookie": "leak=1; Path=/"})),
    Row("cookie-leak", Is.OK, "cookies of other chains are not sent",
        gate(_without_cookies, says(404))),
    Row("cookie-other-host", Is.OK, "a host does not get another's cookies",
        at="http://one.test{:one}/", also={
            "one/": redirects(302, "http://two.test{:two}/", {"Set-Cookie": "mine=1; Path=/"}),
            "two/": gate(_without_cookies, says(404))}),
    Row("cookie-for-other-host", Is.OK, "a host cannot set another's cookies (RFC 6265, 5.3)",
        at="http://one.test{:one}/for", also={
            "one/for": redirects(302, "http://two.test{:two}/", {
                "Set-Cookie": "theirs=1; Path=/; Domain=two.test"})}),
    # Locations.
    Row("location-query", Is.OK, "relative to the path",
        gate(lambda r: r.target.endswith("?new=1"), redirects(302, "?new=1"))),
    Row("location-relative", Is.OK, "relative to the folder", redirects(302, "location/good")),
    Row("location-dots", Is.MOVED, "dots are resolved", redirects(301, "/x/../location/./good"),
        replacement="http://{plain}/location/good"),
    Row("location-protocol-relative", Is.MOVED, "the same scheme",
        redirects(301, "//{plain}/location/good"), replacement="http://{plain}/location/good"),
    Row("location-slashes", Is.MOVED, "a host comes after any number of slashes",
        redirects(301, "///{plain}/location/good"), replacement="http://{plain}/location/good"),
    Row("location-absolute", Is.MOVED, "another host", redirects(301, "http://{other}/new"),
        also={"other/new": GOOD}, replacement="http://{other}/new"),
    Row("location-upper-case", Is.OK, "schemes have no case",
        redirects(302, "HTTP://{plain}/location/good")),
    Row("location-utf-8", Is.OK, "bytes of UTF-8 are encoded, as browsers do",
        redirects(302, "/location/übergut"),
        also={"plain/location/%C3%BCbergut": target("/location/%C3%BCbergut")}),
    Row("location-space", Is.OK, "blanks are encoded, as browsers do",
        redirects(302, "/location/very good"),
        also={"plain/location/very%20good": target("/location/very%20good")}),
    Row("location-kept", Is.OK, "what is encoded stays so",
        redirects(302, "/location/a%2Fb%7E?q=%2B+%20"),
        also={"plain/location/a%2Fb%7E": target("/location/a%2Fb%7E?q=%2B+%20")}),
    Row("location-surrounded", Is.OK, "blanks around a value are not part of it",
        sends(b"HTTP/1.1 302 Found\r\nLocation: \t /location/good \t\r\nContent-Length: 0\r\n\r\n"),
        also={"plain/location/good": GOOD}),
    Row("location-twice", either(Is.OK, Is.BROKEN), "the same twice; browsers follow it",
        sends(b"HTTP/1.1 302 Found\r\nLocation: /location/good\r\nLocation: /location/good\r\n"
              b"Content-Length: 0\r\n\r\n")),
    Row("location-missing", Is.FLAKY, "to browsers the page itself", says(302)),
    Row("location-missing-301", Is.FLAKY, "to browsers the page itself", says(301, page())),
    Row("location-ftp", _WRONG, "another scheme", redirects(302, "ftp://files.example.org/x")),
    Row("location-javascript", _WRONG, "another scheme", redirects(302, "javascript:alert(1)")),
    Row("location-data", _WRONG, "another scheme", redirects(302, "data:text/html,hello")),
    Row("location-file", _WRONG, "another scheme", redirects(302, "file:///etc/passwd")),
    Row("location-mailto", _WRONG, "another scheme", redirects(302, "mailto:a@example.org")),
    Row("location-program", Is.BLOCKED, "readers who have the program get there",
        redirects(302, "vscode:extension/ms-python.python"), requests=1),
    Row("location-garbage", Is.BROKEN, "no address", redirects(302, "http://[")),
    Row("location-no-host", _WRONG, "no address", redirects(302, "http://")),
    Row("location-bad-port", _WRONG, "no port is that high", redirects(302, "http://x.test:99999/")),
    Row("location-long", _WRONG | {Is.BLOCKED, Is.FLAKY}, "longer than servers take",
        redirects(302, "/" + "x" * 7_000 + "/" + "y" * 7_000)),
    Row("location-nul", _WRONG | {Is.FLAKY}, "no address",
        sends(b"HTTP/1.1 302 Found\r\nLocation: /\0x\r\nContent-Length: 0\r\n\r\n"),
        is_alone=True),
    Row("location-unknown-host", Is.BROKEN, "leads to a host that does not exist, twice",
        redirects(301, "http://no-such-host.test/")),
    Row("location-user", Is.OK, "a user and a password in an address are never sent",
        redirects(302, "http://user:secret@{plain}/location/user"),
        also={"plain/location/user": gate(lacks("authorization"), says(404))}),
    Row("300-with-location", _HARMLESS | {Is.OK, Is.MOVED},
        "browsers do not follow it; it is a list to choose from", redirects(300, "/200")),
    Row("304-unasked", _HARMLESS | {Is.OK}, "nobody asked whether it changed", says(304)),
    Row("305-proxy", _HARMLESS | {Is.OK, Is.BROKEN, Is.INVALID},
        "deprecated, for security (RFC 9110, 15.4.6): no proxy is used",
        redirects(305, "http://{secret}/")),
    Row("refresh-header", either(Is.OK, Is.SUSPECT, Is.MOVED), "the answer is a success",
        says(200, page(), {"Refresh": "0; url=/200"})),
    # Fragments and redirects.
    Row("fragment-inherited", Is.OK, "RFC 9110, 10.2.2: kept where the Location has none",
        redirects(302, "/location/good"), tail="#present"),
    Row("fragment-inherited-missing", Is.FRAGMENT, "kept, and not on that page",
        redirects(302, "/location/good"), tail="#missing"),
    Row("fragment-of-location", Is.OK, "the Location's own counts, and is there",
        redirects(302, "/location/good#present"), tail="#old"),
    Row("fragment-of-location-missing", either(Is.FRAGMENT, Is.OK),
        "the server names a place that is not there, which the author cannot mend",
        redirects(302, "/location/good#missing")),
    Row("moved-fragment-inherited", Is.MOVED, "the new address keeps the fragment",
        redirects(301, "/location/good"), tail="#present",
        replacement="http://{plain}/location/good#present"),
    Row("moved-fragment-of-location", Is.MOVED, "the new address has the Location's fragment",
        redirects(301, "/location/good#named"), tail="#old",
        replacement="http://{plain}/location/good#named"),
    Row("moved-fragment-new", Is.MOVED, "the new address has the Location's fragment",
        redirects(301, "/location/good#present"),
        replacement="http://{plain}/location/good#present"),
    Row("moved-fragment-missing", either(Is.FRAGMENT, Is.MOVED), "both are true",
        redirects(301, "/location/good"), tail="#missing"),
    # What kind of page it leads to.
    _to_home("home-301", "homely", 301),
    _to_home("home-302", "homely", 302),
    _to_home("home-absolute", "homely", 301, "http://{homely}"),
    Row("home-query", either(Is.SUSPECT, Is.OK), "the query may choose what the home page shows",
        at="http://{homely}/courses/query", also={
            "homely/courses/query": redirects(302, "/?notice=moved")}),
    _to_home("home-index", "homely", 301, "/index.html"),
    _to_home("home-www", "homely", 301, "http://www.homely.test{:homely}/"),
    Row("home-index-page", either(Is.OK, Is.SUSPECT), "home, by another name",
        GOOD, at="http://{homely}/index.html", also={"homely/index.html": GOOD}),
    Row("home-of-other", Is.SUSPECT, "the deep page is not what another host's home page is",
        at="http://{homely}/courses/7/lessons", also={
            "homely/courses/7/lessons": redirects(301, "http://{other}/"), "other/": GOOD}),
    Row("home-to-home", Is.MOVED, "a home page that moves is a home page",
        at="http://{old}/", also={"old/": redirects(301, "http://www.site.test{:site}/"),
                                  "site/": GOOD},
        replacement="http://www.site.test{:site}/"),
    Row("home-without-slash", Is.MOVED, "the same, written without a path",
        at="http://{old}", replacement="http://www.site.test{:site}/"),
    Row("index-to-home", either(Is.MOVED, Is.OK), "the index is the home page",
        at="http://{site}/index.html", also={"site/index.html": redirects(301, "/")}),
    Row("home-to-language", Is.OK, "a home page that chooses a language",
        at="http://{languages}/", also={"languages/": redirects(302, "/en/"),
                                        "languages/en/": GOOD}),
    Row("to-page-not-found", Is.SUSPECT, "leads to a page that says it was not found",
        redirects(302, "/to-page-not-found/404"),
        also={"plain/to-page-not-found/404": shows(page("Page not found"))}),
    Row("to-page-not-found-301", Is.SUSPECT, "for good, and still not found",
        redirects(301, "/to-page-not-found/404")),
    Row("to-login-302", either(Is.OK, Is.BLOCKED, Is.SUSPECT),
        "the page may well be behind it; nobody can tell",
        redirects(302, "/login?next=/to-login-302"), also={"plain/login": shows(_LOGIN)}),
    Row("to-login-301", either(Is.OK, Is.BLOCKED, Is.SUSPECT),
        "a login page is never the new address",
        redirects(301, "/login?next=/to-login-301")),
    Row("slash-added", Is.MOVED, "the folder has a slash", redirects(301, "/slash-added/"),
        also={"plain/slash-added/": GOOD}, replacement="http://{plain}/slash-added/"),
    Row("slash-removed", Is.MOVED, "the page has none", at="http://{plain}/slash-removed/",
        also={"plain/slash-removed/": redirects(301, "/slash-removed"),
              "plain/slash-removed": GOOD}, replacement="http://{plain}/slash-removed"),
    Row("www-added", Is.MOVED, "the host has another name",
        at="http://site.test{:bare}/docs", also={
            "bare/docs": redirects(301, "http://www.site.test{:site}/docs"), "site/docs": GOOD},
        replacement="http://www.site.test{:site}/docs"),
    Row("to-https", Is.MOVED, "the same page by HTTPS",
        redirects(301, "https://{secure}/upgraded"), also={"secure/upgraded": GOOD},
        replacement="https://{secure}/upgraded"),
    Row("to-http", either(Is.MOVED, Is.OK),
        "down to HTTP: it works, and nobody should write it", redirects(308, "http://{plain}/200"),
        is_secure=True, replacement="http://{plain}/200"),
    Row("query-kept", Is.MOVED, "the new address is kept to the letter",
        redirects(301, "/query-kept/n%C3%ABw?b=%2F&a=+"),
        also={"plain/query-kept/n%C3%ABw": GOOD},
        replacement="http://{plain}/query-kept/n%C3%ABw?b=%2F&a=+"),
    # Slow ones.
    Row("slow-chain", Is.TIMEOUT, "the time is for all of it: 18 steps of 0.6 s are too long",
        at="http://{slow-chain}/0", waits=True, also={
            **{f"slow-chain/{n}": after(0.6, redirects(302, f"/{n + 1}")) for n in range(18)},
            "slow-chain/18": GOOD}),
    Row("to-silence", Is.TIMEOUT, "where it leads never answers",
        redirects(302, "http://{silent-end}/"), also={"silent-end/": sends_and_waits()},
        waits=True),
    Row("to-429-hour", Is.BLOCKED, "the host it leads to wants to be left alone",
        redirects(302, "http://{weary}/"), is_alone=True,
        also={"weary/": says(429, "", {"Retry-After": "3600"})}),
    Row("to-closed", Is.FLAKY, "where it leads refuses", redirects(302, "http://{closed}/")),
    Row("redirect-with-body", Is.OK, "the body of a redirect is nobody's business",
        says(302, "x" * 3_000_000, {"Location": "/200"})),
)  # fmt: skip
