"""This project's own curriculum: its links within the site, and addresses that nobody may ask."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from roadmap_site.cli import main
from site_builder import CHECKOUT


def test_our_own_links_pass_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    done = CliRunner().invoke(main, ["links", "--offline"])
    assert done.exit_code == 0, done.output
