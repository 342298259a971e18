"""What titles and addresses say of a page by themselves: that it is gone, a log-in, the home page.

All of it is guessed from a few words, so it is anchored: a title that has more to say than that a
page was not found is an article about it.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from roadmap_site.model.web import SHORTENERS

_PARTS = re.compile(r"\s[-–—|·•»«:/~]+\s|[|–—·•»«]|::")
"""What stands between a page's title and its site's name. A colon parts an article's title."""
_LONGEST = 300
"""Characters of a title that are looked at."""
_NOT_WORDS = re.compile(r"[\W_]+")

_SORRY = r"(?:(?:oops|ooops|whoops|sorry|uh oh|hmm|ups|desole|désolé) )?"
_NUMBER = (
    r"(?:(?:http )?(?:error|erreur|fehler|errore|erro|fout|błąd|ошибка|hata|status)(?: code)? )?"
)
_THING = (
    r"(?:that |the |this )?(?:requested |web )?(?:page|webpage|site|file|document|content|url"
    r"|resource|object)(?: you requested| you are looking for| you re looking for)?"
)
_GONE = "|".join(
    (
        # English
        rf"{_THING} (?:(?:was |is |could |can )?not(?: be)? found|cannot be found)",
        rf"{_THING} (?:can t be found|couldn t be found|does not exist|doesn t exist|missing|gone)",
        rf"{_THING} (?:(?:is no longer|is not|isn t|not) available|no longer exists)",
        rf"{_THING} has been removed",
        r"not found",
        r"we (?:can t|cannot|couldn t|could not) find (?:that|this|the) page(?: you.*)?",
        r"no such page",
        # German, Dutch, Swedish, Danish, Norwegian
        r"(?:die |diese )?seite (?:wurde )?(?:leider )?nicht gefunden",
        r"(?:die |diese )?seite existiert nicht(?: mehr)?",
        r"nicht gefunden",
        r"(?:de )?pagina (?:is |werd )?niet gevonden",
        r"sidan (?:kunde inte hittas|hittades inte|finns inte)",
        r"siden (?:blev |ble )?ikke (?:blev )?fund?net",
        # French, Spanish, Catalan, Portuguese, Italian, Romanian
        r"(?:la )?page (?:non trouvée|non trouvee|introuvable|inexistante)",
        r"(?:la )?página no (?:encontrada|existe)",
        r"(?:la )?pagina no encontrada",
        r"(?:la )?pàgina no (?:trobada|s ha trobat)",
        r"(?:a )?página não (?:encontrada|existe)",
        r"(?:la )?pagina non (?:trovata|esiste)",
        r"pagina nu a fost găsită",
        # Polish, Czech, Russian, Ukrainian, Turkish, Finnish
        r"nie znaleziono(?: strony)?",
        r"strona nie (?:została )?(?:znaleziona|istnieje)",
        r"stránka (?:nebyla )?nenalezena",
        r"страница не (?:найдена|существует)",
        r"сторінку не знайдено",
        r"sayfa bulunamadı",  # noqa: RUF001
        r"sivua ei (?:löydy|löytynyt)",
        # Japanese, Chinese, Korean
        r"(?:お探しの)?ページ[がは]見つかりません(?:でした)?",
        r"(?:您访问的|你访问的)?(?:页面|頁面|网页|網頁)(?:不存在|未找到|沒有找到|没有找到)",
        r"(?:找不到|未找到)(?:该|此)?(?:页面|頁面|网页|網頁)",
        r"(?:페이지를 )?찾을 수 없(?:습니다|음)(?: 페이지)?",
    )
)
_SAYS_GONE = re.compile(
    rf"{_SORRY}(?:{_NUMBER}(?:404|410) )?(?:error |page )?{_SORRY}(?:{_GONE})"
    rf"(?: sorry| oops| \d| anymore)?(?: (?:error )?404)?(?: error| page| \d)?"
    # `HTTP 404` alone is the name of an article.
    rf"|{_SORRY}404(?: error| page| error page)?"
    rf"|{_NUMBER}(?:404|410 gone)"
)

_CHALLENGES = frozenset(
    {
        "just a moment",
        "attention required cloudflare",
        "client challenge",
        "ddos guard",
        "one moment please",
        "pardon our interruption",
        "making sure you re not a bot",
        "vercel security checkpoint",
        "robot check",
        "human verification",
        "bot verification",
        "access denied",
        "access to this page has been denied",
        "request rejected",
        "verifying you are human",
        "please wait verifying your browser",
        "checking your browser",
    }
)
_LOGIN = re.compile(
    r"(?:log|sign|auth)[-_]?(?:in|on|wall|up)|auth|oauth2?|sso|saml2?|openid|authenticate"
    r"|authorize|consent|cookie[-_]?consent|gdpr"
)
_LOGIN_HOST = re.compile(r"(?:login|signin|auth|sso|accounts?|consent|idp)\d*")
_LANGUAGES = (
    "ar|bg|bn|ca|cs|da|de|el|en|es|et|eu|fa|fi|fr|he|hi|hr|hu|id|it|ja|jp|ko|kr|lt|lv|ms|nb|nl|no"
    "|pl|pt|ro|ru|sk|sl|sr|sv|sw|th|tr|uk|ur|us|vi|zh|cn|tw"
)
_LOCALE = re.compile(rf"(?:{_LANGUAGES})(?:[-_](?:[a-z]{{2,4}}|419))?(?:[-_][a-z]{{2}})?")
_INDEX = re.compile(r"(?:index|default|home|main)(?:\.(?:x?html?|php\d?|aspx?|jsp|cgi))?")
_PASSING = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|dclid|yclid|mc_[ce]id|_ga|_gl|igshid|ref|referrer|referer"
    r"|\w*sess(?:ion)?_?(?:id|key)?|\w*sid|phpsessid|jsessionid|cfid|cftoken|s_?id|token|\w+_token"
    r"|ticket|state|nonce|code|sig|signature|expires|x-amz-.*|x-goog-.*|ts|timestamp|_|cb"
    r"|returnurl|return_?to|redirect\w*|continue|next",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=|/\([a-z]\([^)/]{8,}\)\)/|;sid=", re.IGNORECASE)
_OPAQUE = re.compile(r"(?=[^\d]*\d)(?=[^a-zA-Z]*[a-zA-Z])[\w+/=-]{32,}", re.ASCII)


def says_gone(title: str) -> bool:
    """Whether a page's title says no more than that there is no such page."""
    parts = [_words(part) for part in _PARTS.split(title[:_LONGEST])]
    words = [part for part in parts if part]
    # A site's name comes first or last; between two names nothing says so.
    some = {_words(title[:_LONGEST]), *words[:2], *words[-2:]}
    return any(_SAYS_GONE.fullmatch(part) for part in some if part and len(part) < 120)


def is_about_gone(url: str) -> bool:
    """Whether a part of an address's path says the same: a page about pages that are gone."""
    segments = [_words(re.sub(r"\.\w{1,5}$", "", part)) for part in _segments(_split(url))]
    return any(
        _SAYS_GONE.fullmatch(part) or part in ("404", "410", "notfound", "http 404", "pagenotfound")
        for part in segments
        if part and len(part) < 120
    )


def is_challenge(title: str) -> bool:
    """Whether a title is one that walls against programs have."""
    return _words(title[:_LONGEST]) in _CHALLENGES


def is_home(url: str) -> bool:
    """Whether an address is its site's front page, in any language or spelling."""
    parts = _split(url)
    if not parts.hostname:
        return False
    segments = _segments(parts)
    if segments and _INDEX.fullmatch(segments[-1].lower()):
        segments.pop()
    return not segments or (len(segments) == 1 and bool(_LOCALE.fullmatch(segments[0].lower())))


def is_login(url: str) -> bool:
    """Whether an address is of a page that asks who one is, or what one agrees to."""
    parts = _split(url)
    return any(
        _LOGIN.fullmatch(re.sub(r"\.\w{1,5}$", "", part.lower())) for part in _segments(parts)
    ) or bool(_LOGIN_HOST.fullmatch((parts.hostname or "").partition(".")[0]))


def is_passing(url: str, before: str) -> bool:
    """Whether an address has in it what was made for one visit, and the one before had not."""
    parts = _split(url)
    known = {name for name, _ in _query(_split(before))}
    return bool(_SESSION_IN_PATH.search(parts.path)) or any(
        name not in known and (_PASSING.fullmatch(name) or _OPAQUE.fullmatch(value))
        for name, value in _query(parts)
    )


def adds_locale(url: str, before: str) -> bool:
    """Whether an address is the one before with a language put in front of its path."""
    new, old = _segments(_split(url)), _segments(_split(before))
    return len(new) == len(old) + 1 and new[1:] == old and bool(_LOCALE.fullmatch(new[0].lower()))


def is_named_after(url: str, before: str) -> bool:
    """Whether a host is called what a part of the path was before: the page got its own."""
    new, old = _split(url), _split(before)
    labels = set((new.hostname or "").split("."))
    return bool((labels - set((old.hostname or "").split("."))) & set(_lower(_segments(old))))


def is_short(url: str) -> bool:
    """Whether an address is a short name for any other, a home page as well as a deep one."""
    return (_split(url).hostname or "").removeprefix("www.") in SHORTENERS


def same_site(url: str, other: str) -> bool:
    """Whether two addresses are of one host, with or without `www`."""
    hosts = [(_split(one).hostname or "").removeprefix("www.") for one in (url, other)]
    return hosts[0] == hosts[1]


def _words(text: str) -> str:
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def _lower(parts: list[str]) -> list[str]:
    return [part.lower() for part in parts]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.hostname  # noqa: B018 (it raises where the rest does not)
    except ValueError:
        return urlsplit("")
    return parts


def _segments(parts: SplitResult) -> list[str]:
    return [unquote(part) for part in parts.path.split("/") if part]


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    try:
        return parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []
