"""`roadmap-site rule`."""

from __future__ import annotations

import click

from roadmap_site.check import RULES, matching, nearest_rule
from roadmap_site.cli.terminal import CannotRun, is_colored
from roadmap_site.model.diagnostic import Rule
from roadmap_site.report import printable, rule_text, rules_json, rules_text


@click.command()
@click.argument("rules", nargs=-1)
@click.option("--all", "every", is_flag=True, help="List all rules, which no argument does too.")
@click.option(
    "--format",
    "format_name",
    default="text",
    show_default=True,
    type=click.Choice(["text", "json"]),
    help="For people or programs.",
)
@click.option("--color/--no-color", default=None, help="Colour, also where it is not a terminal.")
def rule(rules: tuple[str, ...], every: bool, format_name: str, color: bool | None) -> None:
    r"""Explain RULES, or list all of them.

    A rule is named by its code (RS201), its name (unknown-topic) or the beginning of several codes
    (RS2).

    \b
    Examples:
      roadmap-site rule
      roadmap-site rule RS201
      roadmap-site rule unknown-topic week-pace
      roadmap-site rule RS2 --format json
    """
    if every and rules:
        raise click.UsageError("--all lists every rule: name none, or leave it out")
    found = [rule for word in rules for rule in _meant(word)]
    colored = is_colored(color)
    if format_name == "json":
        text = rules_json(list(dict.fromkeys(found)) or RULES)
    elif found:
        text = "\n\n".join(rule_text(rule, color=colored) for rule in dict.fromkeys(found)).rstrip()
    else:
        text = rules_text(RULES, color=colored)
    click.echo(text, color=colored)


def _meant(word: str) -> tuple[Rule, ...]:
    found = matching(word.upper(), RULES) or matching(word.lower(), RULES)
    if not found:
        near = nearest_rule(word, RULES)
        hint = f"Did you mean {near}?" if near else "`roadmap-site rule` lists them all"
        raise CannotRun(f"there is no rule {printable(word)}. {hint}")
    return found
