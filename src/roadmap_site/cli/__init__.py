"""The command line: arguments, printing, exit codes. One module a command."""

from __future__ import annotations

import io
import sys

import click

from roadmap_site import __version__
from roadmap_site.cli.add import add
from roadmap_site.cli.build import build
from roadmap_site.cli.changes import changes
from roadmap_site.cli.check import check
from roadmap_site.cli.fmt import fmt
from roadmap_site.cli.links import links
from roadmap_site.cli.new import new
from roadmap_site.cli.rule import rule
from roadmap_site.cli.schema import schema
from roadmap_site.cli.serve import serve
from roadmap_site.cli.stats import stats


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `roadmap-site check`; every fault comes with its place and how to mend it.",
)
@click.version_option(__version__, "-V", "--version", prog_name="roadmap-site")
def main() -> None:
    """Keep a learning curriculum as YAML, check it, and publish it as a site.

    \b
    A curriculum is a folder:
      curriculum.yml             its name and the order of its tracks
      topics.yml                 the canonical topics
      resources/*.yml            the library: each book, course and page once
      questions/*.yml            banks of interview questions
      tracks/<track>/track.yml   a track, and the order of its months
      tracks/<track>/*.yml       one file a month, with its weeks
      pages/*.md                 pages written by hand

    \b
    Exit codes: 0 all is well, 1 there are faults, 2 the command could not run.
    """  # noqa: D301 - click's mark, not a backslash
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Excerpts hold any character, and not every terminal or pipe takes all of them.
        sys.stdout.reconfigure(errors="backslashreplace")


for command in (add, build, changes, check, fmt, links, new, rule, schema, serve, stats):
    main.add_command(command)
