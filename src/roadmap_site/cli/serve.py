"""`roadmap-site serve`."""

from __future__ import annotations

from pathlib import Path

import click

from roadmap_site.cli.terminal import CannotRun, fail, log_to_terminal, need_config


@click.command()
@click.option(
    "-f",
    "--config-file",
    default="mkdocs.yml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The MkDocs configuration.",
)
@click.option(
    "-a", "--addr", default="127.0.0.1:8000", show_default=True, help="Host and port to serve at."
)
@click.option("-o", "--open", "open_browser", is_flag=True, help="Open it in a browser.")
def serve(config_file: Path, addr: str, open_browser: bool) -> None:
    """Build the site, serve it, and rebuild it whenever a file changes.

    While the YAML has faults the last good site stays up, with the faults shown in the terminal
    and on the page.
    """
    from mkdocs.commands.serve import serve as serve_site
    from mkdocs.exceptions import MkDocsException

    need_config(config_file)
    log_to_terminal()
    try:
        serve_site(
            str(config_file),
            dev_addr=addr,
            # At the root, whatever sub-path the published site has.
            site_url=f"http://{addr}/",
            open_in_browser=open_browser,
        )
    except MkDocsException as error:
        fail(error)
    except OSError as error:
        raise CannotRun(f"cannot serve at {addr}: {error.strerror or error}") from None
