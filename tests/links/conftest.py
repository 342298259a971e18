"""What tests of links share."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from links import patient
from links.web import Web, serving_web


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Whoever asks here has all the time of the world: a standstill of the machine takes none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "run", patient.run)
        yield


@pytest.fixture
def web() -> Iterator[Web]:
    with serving_web() as serving:
        yield serving
