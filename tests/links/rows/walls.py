"""Rows about walls: hosts that answer people and not programs."""

from __future__ import annotations

from links.row import Row, either
from misbehaving import Behaviour
from misbehaviours import GOOD, gate, page, says, sees, shows, turns
from roadmap_site.model.links import LinkStatus as Is

_CHALLENGE = page("Just a moment...", '<div id="challenge-error-text">Enable JavaScript</div>')
_CLOUDFLARE = {"Server": "cloudflare", "CF-RAY": "8f00000000000000-FRA"}
_WALL = "says nothing of the page but that programs, or strangers, do not get it"


def _wall(name: str, does: Behaviour, why: str = _WALL) -> Row:
    return Row(name, Is.BLOCKED, why, does, is_alone=True)


ROWS = (
    _wall("401-basic", says(401, "", {"WWW-Authenticate": 'Basic realm="staff"'})),
    _wall("401-negotiate", says(401, "", {"WWW-Authenticate": "Negotiate, NTLM"})),
    _wall("401-bare", says(401)),
    *(
        _wall(f"{code}-wall", says(code))
        for code in (400, 402, 403, 405, 406, 407, 409, 412, 415, 417, 418, 422, 423, 424)
    ),
    *(_wall(f"{code}-wall", says(code)) for code in (426, 428, 431, 444, 451, 498, 999)),
    Row("421-wall", either(Is.BLOCKED, Is.FLAKY), "says something of the connection", says(421),
        is_alone=True),
    Row("499-wall", either(Is.BLOCKED, Is.FLAKY), "nginx's own, for clients that went", says(499),
        is_alone=True),
    Row("700-odd", either(Is.BLOCKED, Is.FLAKY), "beyond the five classes (RFC 9110, 15)",
        says(700), is_alone=True),
    _wall("403-not-found", says(403, page("404 Not Found")), "a wall, whatever its page says"),
    _wall("403-once-then-404", turns(says(403), says(404)), "a wall is not asked again, and 404"
          " would have been seen once only"),
    _wall("cloudflare-403", says(403, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"})),
    _wall("cloudflare-503", says(503, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"}),
          "a challenge for people, not a failure"),
    _wall("cloudflare-429", says(429, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"})),
    _wall("cloudflare-upper-case",
          says(503, _CHALLENGE, {"SERVER": "cloudflare", "CF-Mitigated": "Challenge"})),
    _wall("cloudflare-1020", says(403, page("Access denied | example.org"), _CLOUDFLARE)),
    _wall("cloudflare-503-old", says(503, _CHALLENGE, _CLOUDFLARE),
          "the challenge of some years ago, which only its page tells from a failure"),
    _wall("404-challenge", says(404, _CHALLENGE), "no page is said to be gone by it"),
    Row("cloudflare-404-challenge", Is.BLOCKED, "a challenge, whatever its status",
        says(404, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"}), is_alone=True),
    Row("cloudflare-200-challenge", either(Is.BLOCKED, Is.OK),
        "a success by its status; a challenge by its header",
        says(200, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"}), is_alone=True),
    Row("challenge-fragment", either(Is.BLOCKED, Is.OK), "the anchor is on the page behind it",
        says(200, _CHALLENGE, {**_CLOUDFLARE, "cf-mitigated": "challenge"}), is_alone=True,
        tail="#part"),
    Row("cloudflare-502", Is.FLAKY, "Cloudflare's own word that the host fails",
        says(502, page("502: Bad gateway"), _CLOUDFLARE), is_alone=True),
    _wall("datadome", says(403, "", {"X-DataDome": "protected", "Server": "DataDome"})),
    _wall("datadome-405", says(405, "", {"X-DataDome": "protected"})),
    _wall("akamai", says(403, page("Access Denied"), {"Server": "AkamaiGHost"})),
    _wall("vercel-429", says(429, "", {"Server": "Vercel", "x-vercel-mitigated": "challenge"})),
    _wall("vercel-403", says(403, "", {"Server": "Vercel", "x-vercel-mitigated": "deny"})),
    _wall("aws-405", says(405, "", {"x-amzn-waf-action": "captcha"})),
    Row("aws-202", either(Is.BLOCKED, Is.OK), "202 is how AWS WAF challenges; 2xx all the same",
        says(202, "", {"x-amzn-waf-action": "challenge"}), is_alone=True),
    Row("proof-of-work", either(Is.BLOCKED, Is.OK), "a challenge that says 200",
        shows(page("Making sure you're not a bot!")), is_alone=True),
    Row("proof-of-work-fragment", either(Is.BLOCKED, Is.OK),
        "a challenge has no anchors of the page behind it",
        shows('<!doctype html><html><head><title>Just a moment...</title></head><body>'
              '<noscript>Enable JavaScript and cookies to continue</noscript>'
              '<script src="/c.js"></script></body></html>'), is_alone=True, tail="#part"),
    _wall("browser-only", gate(sees("sec-fetch-mode"), says(403)), "only browsers are answered"),
    _wall("browser-only-navigation", gate(sees("sec-fetch-dest", "document"), says(403))),
    _wall("browser-brand-only", gate(sees("sec-ch-ua"), says(403))),
    Row("wall-neighbour", Is.OK, "a wall in one place is none in another",
        at="http://{403-wall}/open", also={"403-wall/open": GOOD}),
)  # fmt: skip
