"""`roadmap-site build`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from roadmap_site.cli.terminal import (
    CANNOT_RUN,
    FAULTS,
    config_option,
    fail,
    log_to_terminal,
    need_config,
)


@click.command()
@config_option
@click.option("-d", "--site-dir", type=click.Path(path_type=Path), help="Where the site goes.")
@click.option("--strict", is_flag=True, help="Let any warning fail the build.")
def build(config_file: Path, site_dir: Path | None, strict: bool) -> None:
    """Build the site (into site/, unless mkdocs.yml says otherwise).

    The same as `mkdocs build` with the `roadmap` plugin.
    """
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    need_config(config_file)
    log_to_terminal()
    options = {"site_dir": str(site_dir.absolute())} if site_dir else {}
    try:
        # None leaves the decision to mkdocs.yml.
        config = load_config(str(config_file), strict=strict or None, **options)
    except MkDocsException as error:
        fail(error, CANNOT_RUN)
    try:
        config.plugins.on_startup(command="build", dirty=False)
        try:
            build_site(config)
        finally:
            config.plugins.on_shutdown()
    except MkDocsException as error:
        # What has not come as far as the check says nothing about the curriculum.
        plugin = config.plugins.get("roadmap")
        is_checked = getattr(plugin, "report", None) is not None
        fail(error, FAULTS if is_checked else CANNOT_RUN)
    click.echo(f"The site is in {os.path.relpath(config.site_dir)}/")
