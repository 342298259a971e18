"""An event loop that no busy machine hurries.

Its clock counts the waits in which nothing came, a little at a time, and nothing else: while the
machine does other things it stands still. So what takes a timeout to find out is found out, and
what a server answers is never late, however seldom this process gets its turn.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")

_STEP = 0.01
"""Seconds that one wait counts at most, and so the longest time that a standstill is taken for."""


class _Selector(selectors.DefaultSelector):
    now = 1.0  # a job that started at 0 has not started

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        step = min(timeout, _STEP)
        events = super().select(step)
        if not events:
            self.now += step
        return events


class PatientLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._patient = _Selector()
        super().__init__(self._patient)

    def time(self) -> float:
        return self._patient.now


def run(main: Coroutine[Any, Any, _T], *, debug: bool | None = None) -> _T:
    """As `asyncio.run`, which it may stand in for."""
    with asyncio.Runner(debug=debug, loop_factory=PatientLoop) as runner:
        return runner.run(main)
