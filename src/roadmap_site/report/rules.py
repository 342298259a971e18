"""The rules themselves: what one of them is about, and a list of all."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from textwrap import fill

from roadmap_site.model.diagnostic import Rule
from roadmap_site.report.text import styled_severity

WIDTH = 80
"""Columns of a rule's documentation; code is never broken, however long it is."""

_CODE = re.compile(r"`[^`]*`")
_BOLD, _CYAN, _RESET = "\x1b[1m", "\x1b[36m", "\x1b[0m"
_GAP = "\x00"


def rule_text(rule: Rule, *, color: bool = False) -> str:
    """A rule's documentation, for a terminal."""
    doc = rule.sections
    code = f"{_BOLD}{rule.code} {rule.name}{_RESET}" if color else f"{rule.code} {rule.name}"
    parts = [f"{code}  {styled_severity(rule.severity, color=color)}", _wrapped(doc.summary, color)]
    for heading, text in doc:
        head = f"{_BOLD}{heading}{_RESET}" if color else heading
        paragraphs = [_wrapped(part, color, indent="  ") for part in text.split("\n\n")]
        parts.append("\n".join([head, "\n\n".join(paragraphs)]))
    if rule.fixable:
        parts.append(_wrapped(f"`roadmap-site {rule.command} --fix` mends what is sure.", color))
    elif rule.command != "check":
        parts.append(_wrapped(f"`roadmap-site {rule.command}` finds it.", color))
    return "\n\n".join(parts) + "\n"


def rules_text(rules: Sequence[Rule], *, color: bool = False) -> str:
    """A line a rule: code, name, severity, what it finds, and whether it can be fixed."""
    width = max(len(rule.name) for rule in rules)
    return "\n".join(
        f"{rule.code}  {rule.name:<{width}}  "
        f"{styled_severity(rule.severity, color=color, width=7)}  "
        f"{'fixable' if rule.fixable else '-':<7}  {_coded(rule.sections.summary, color)}"
        for rule in rules
    )


def rules_json(rules: Sequence[Rule]) -> str:
    """The rules as a JSON list."""
    return json.dumps(
        [
            {
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity.value,
                "fixable": rule.fixable,
                "command": rule.command,
                "summary": doc.summary,
                "checks": doc.checks,
                "why": doc.why,
                "example": doc.example,
                "instead": doc.instead,
            }
            for rule, doc in ((rule, rule.sections) for rule in rules)
        ],
        indent=2,
    )


def _wrapped(text: str, color: bool, *, indent: str = "") -> str:
    whole = _CODE.sub(lambda match: match[0].replace(" ", _GAP), text)
    lines = fill(
        whole,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return _coded(lines.replace(_GAP, " "), color)


def _coded(text: str, color: bool) -> str:
    return _CODE.sub(lambda match: f"{_CYAN}{match[0]}{_RESET}", text) if color else text
