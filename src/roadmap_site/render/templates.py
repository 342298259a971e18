"""Where the templates and assets are, and the Jinja environment that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from roadmap_site.model.values import CODE_SPAN

_PACKAGED = Path(__file__).parents[1] / "templates"
_CHECKOUT = Path(__file__).parents[3] / "templates"


def templates_dir() -> Path:
    """The folder of templates: the wheel's own, else the checkout's."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


class Templates:
    """Compiled page templates. `href` follows the page that is being rendered.

    `memory`, where there is one, keeps what was rendered from what, by template and site path: a
    page is not rendered again from the same. Clear it when a template changes.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.memory: dict[tuple[str, str], tuple[dict[str, Any], str]] | None = None
        self.directory = directory or templates_dir()
        # The folders above the page at hand, the nearest first, each with the way up to it.
        self._ways: list[tuple[str, str]] = []
        self.environment = Environment(
            loader=FileSystemLoader(self.directory),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(inline=inline, paras=paragraphs)
        # A global, because macros imported without a context (and so compiled once) see no other.
        self.environment.globals["href"] = self.href

    def href(self, path: str) -> str:
        """A site path (`topics/cnn/#a`, empty for home) as a link from the page at hand."""
        for ancestor, way in self._ways:
            if path.startswith(ancestor):
                return way + path[len(ancestor) :] or "./"
        return path

    def render(self, name: str, at: str, **context: Any) -> str:
        """The template `pages/<name>.html.jinja` as it stands at site path `at`."""
        if self.memory is None:
            return self._render(name, at, context)
        before = self.memory.get((name, at))
        is_same = before is not None and before[0] == context
        html = before[1] if before and is_same else self._render(name, at, context)
        self.memory[name, at] = context, html  # the newer context, lest the older one lives on
        return html

    def _render(self, name: str, at: str, context: dict[str, Any]) -> str:
        parts = at.split("/")[:-1]
        self._ways = [
            ("".join(f"{part}/" for part in parts[:kept]), "../" * (len(parts) - kept))
            for kept in range(len(parts), -1, -1)
        ]
        return self.environment.get_template(f"pages/{name}.html.jinja").render(context)


_OPTION = re.compile(r"<code>(--[\w-]{1,20}</code>)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def inline(text: str) -> Markup:
    """A text, escaped, with `code spans` marked up; the only markup a curriculum has."""
    escaped = str(escape(text))
    if "`" in escaped:
        escaped = CODE_SPAN.sub(r"<code>\1</code>", escaped)
        escaped = _OPTION.sub(r'<code class="option">\1', escaped)
    return Markup(escaped)  # noqa: S704 - escaped above


def paragraphs(text: str) -> Markup:
    """Prose as paragraphs."""
    if not text:
        return Markup("")
    parts = _PARAGRAPHS.split(text) if "\n" in text else (text,)
    html = "".join(f"<p>{inline(part)}</p>" for part in parts)
    return Markup(html)  # noqa: S704 - escaped by `inline`


# Pygments' own HTML wraps nearly every token, which makes a page of code four times its source.
# These are the kinds a reader tells apart by colour, under the class names of Pygments' styles.
_COLOURED: tuple[tuple[Any, str], ...] = (
    (Token.Comment, "c"),
    (Token.Literal.String, "s"),
    (Token.Literal.Number, "m"),
    (Token.Keyword, "k"),
    (Token.Name.Tag, "k"),  # a key of YAML
    (Token.Operator.Word, "k"),
    (Token.Name.Decorator, "nd"),
    (Token.Name.Function, "nf"),
    (Token.Name.Class, "nc"),
)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@lru_cache(maxsize=4096)
def highlighted(source: str, language: str) -> Markup:
    """Code as HTML; as plain text where the language is not known."""
    parts = ['<div class="highlight"><pre><code>']
    for name, text in _runs(source, language):
        escaped = text.translate(_ESCAPES)
        parts.append(f'<span class="{name}">{escaped}</span>' if name else escaped)
    return Markup("".join(parts) + "</code></pre></div>")  # noqa: S704 - escaped above


def _runs(source: str, language: str) -> Iterator[tuple[str, str]]:
    """The source in runs of one colour; white space joins whatever stands before it."""
    lexer = _lexer(language)
    if lexer is None:
        yield "", source.rstrip()
        return
    current, run = "", ""
    for kind, text in lexer.get_tokens(source.rstrip()):
        name = _colour(kind)
        if name != current and text.strip():
            if run:
                yield current, run
            current, run = name, ""
        run += text
    yield current, run.rstrip()


@cache
def _colour(kind: _TokenType) -> str:
    """The class of a kind of token, of which Pygments has some eighty; empty for most."""
    return next((name for token, name in _COLOURED if kind in token), "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None
