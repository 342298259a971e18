"""What tests of links share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from links.web import Web, serving_web


@pytest.fixture
def web() -> Iterator[Web]:
    with serving_web() as serving:
        yield serving
