"""Options and settings of the whole test suite."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Time limits on single examples only make a busy machine fail; a whole test still has to be fast.
_RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("local", _RELAXED)
# The same examples in every run, so that a pull request is judged by its own changes.
settings.register_profile("ci", _RELAXED, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# A shell that starts something in the background has it ignore Ctrl-C, and so do its children, of
# which some are to be stopped.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What a hook of git or somebody's terminal has set: it would lead to another repository, or colour
# what is compared.
for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "FORCE_COLOR", "NO_COLOR"):
    os.environ.pop(name, None)

# They want Node.js and a language server: `make editor` names the folder, and runs them.
collect_ignore = ["language_server"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the tests produce over the expected files, for review in the diff",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what drives a browser last: its event loop then runs on in this thread to the end.

    No other loop could run there meanwhile, which the tests of links want.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def no_hang() -> Iterator[None]:
    """Fail what takes minutes, as work does that grows with the square of what it is given.

    It counts the time that this process computes, so that a busy machine fails nothing: what is as
    it should be takes a second at most. What only waits is not seen; nothing that wants this does.
    """

    def give_up(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, 60)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten rather than compared."""
    return bool(request.config.getoption("--update-golden"))
