"""How far a run that asks for links has come: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

import click

from roadmap_site.cli.terminal import is_terminal

_SECONDS = 30
"""Between two lines of a log at least."""


class Tells(Protocol):
    """Is told how far a run has come."""

    def on_progress(self, done: int, total: int) -> None:
        """So many addresses are done; 0 when it begins."""

    def on_again(self, number: int, gap: float) -> None:
        """So many are asked a second time, after so many seconds."""


class Log:
    """A line before the run waits, and one now and then, so that a log tells what takes so long.

    A run that soon ends has none. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last = clock()

    def on_progress(self, done: int, total: int) -> None:
        """A line, where the last one is long ago."""
        now = self._clock()
        if now - self._last >= _SECONDS and done < total:
            self._last = now
            click.echo(f"{done} of {total} addresses done", err=True)

    def on_again(self, number: int, gap: float) -> None:
        """A line, where the run is about to wait."""
        if gap:
            click.echo(_again(number, gap), err=True)


class _Nothing:
    """For those who want no word of it."""

    def on_progress(self, done: int, total: int) -> None:
        pass

    def on_again(self, number: int, gap: float) -> None:
        pass


@contextmanager
def progress(*, is_quiet: bool) -> Iterator[Tells]:
    """Tell on standard error how far a run has come: a bar on a terminal, else lines."""
    if is_quiet or not is_terminal(sys.stderr):
        yield _Nothing() if is_quiet else Log()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    # The time goes on where nothing else does, in the gap before the second pass.
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=None)

        class Bar:
            def on_progress(self, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            def on_again(self, number: int, gap: float) -> None:
                bar.update(task, description=_again(number, gap))

        yield Bar()


def _again(number: int, gap: float) -> str:
    # True before the gap and in the pass after it.
    return f"asking again for {number}{f', {gap:g} s later' if gap else ''}"
