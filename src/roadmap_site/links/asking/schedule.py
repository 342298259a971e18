"""Asks for many addresses at once, each host politely, in two passes, in bounded time."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from roadmap_site.links.asking.address import authority
from roadmap_site.links.asking.client import Client
from roadmap_site.links.asking.hosts import AGAIN, Host, Job
from roadmap_site.links.asking.reach import is_lost, is_online
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Failure, Seen
from roadmap_site.links.settings import Settings

_SLOW, _SLOW_PART = 0.5, 20
"""Seconds, or that part of the timeout, after which a request holds up no others."""
_SILENT = 4
"""Requests under way at most, with those that get no answer, in parts of `concurrency`."""
_ENDING = 1.0
"""Seconds for what is under way to end when time is up."""
_LATER = (429, 503)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to report on (`url`), what is asked for it, and whether redirects are followed."""

    url: str
    ask: str
    follows: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What was seen of each address, an attempt a pass, and how the run went.

    `requests` is the number of different addresses that were asked for.
    """

    seen: dict[str, tuple[Seen, ...]]
    notes: tuple[str, ...] = ()
    requests: int = 0
    has_network: bool = True


async def ask_all(
    wanted: Sequence[Wanted],
    settings: Settings,
    network: Network,
    *,
    wants_second: Callable[[Seen], bool],
    on_done: Callable[[str, Sequence[Seen]], None] | None = None,
    on_again: Callable[[int, float], None] | None = None,
) -> Asked:
    """Ask for each address once, and in a second pass for those whose attempt wants it.

    `on_done` is told of each address when it needs no more requests. `on_again` is told how many
    are to be asked a second time, and after how many seconds, before it waits for them.
    """
    jobs = _jobs(wanted)
    most = settings.limit or len(jobs)
    async with Client(settings, network) as client:
        run = _Run(client, settings, wants_second, on_done, on_again)
        has_network = True
        try:
            async with asyncio.timeout(settings.deadline):
                await run.ask(jobs[:most])
                has_network = await is_online(run.failures, client, network)
                if has_network:
                    await run.ask_again(jobs[:most])
        except TimeoutError:
            has_network = has_network and not is_lost(run.failures)
        finally:
            await run.end()
        run.rest(jobs[most:], Failure.LIMIT)
        run.rest(jobs[:most], Failure.DEADLINE)
    seen = {url: job.seen for job in jobs for url in job.urls}
    requests = sum(job.started > 0 for job in jobs)
    return Asked(seen, tuple(_notes(jobs)), requests, has_network)


def _jobs(wanted: Iterable[Wanted]) -> list[Job]:
    """The wanted addresses, each request once, in order."""
    jobs: dict[tuple[str, bool], Job] = {}
    for one in wanted:
        key = (one.ask, one.follows)
        if key not in jobs:
            jobs[key] = Job(*key, host=authority(one.ask))
        jobs[key].urls.append(one.url)
    return list(jobs.values())


def _notes(jobs: Iterable[Job]) -> list[str]:
    """A line for each host of which some addresses were never asked for."""
    down = Counter(
        job.host for job in jobs if {one.failure for one in job.seen} == {Failure.HOST_DOWN}
    )
    return [f"{host} did not answer: {not_asked(left)}" for host, left in down.items()]


def not_asked(number: int) -> str:
    """`1 address was not asked for`."""
    what = "1 address was" if number == 1 else f"{number} addresses were"
    return f"{what} not asked for"


class _Run:
    """The requests under way, and the hosts whose turn it is."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        wants_second: Callable[[Seen], bool],
        on_done: Callable[[str, Sequence[Seen]], None] | None,
        on_again: Callable[[int, float], None] | None,
    ) -> None:
        self._client = client
        self._settings = settings
        self._wants_second = wants_second
        self._on_done = on_done
        self._on_again = on_again
        self._loop = asyncio.get_running_loop()
        self._hosts: dict[str, Host] = {}
        self._ready: deque[Host] = deque()
        self._timers: dict[Host, asyncio.TimerHandle] = {}
        # In the order in which they were started, so that the first is the first to be slow.
        self._fast: dict[asyncio.Task[Seen], tuple[Job, Host]] = {}
        self._slow: dict[asyncio.Task[Seen], tuple[Job, Host]] = {}
        self._sweep: asyncio.TimerHandle | None = None
        self._slow_after = min(_SLOW, settings.timeout / _SLOW_PART)
        self._ended: deque[asyncio.Task[Seen]] = deque()
        self._has_ended = asyncio.Event()
        self._left = 0
        self._is_second = False
        self.failures: dict[str, set[Failure | None]] = {}

    async def ask(self, jobs: Sequence[Job]) -> None:
        """Ask for each address. Returns when there is something to say of each."""
        self._left = len(jobs)
        for job in jobs:
            host = self._host(job.host)
            host.queue.append(job)
            self._offer(host)
        self._go_on()
        while self._left:
            await self._has_ended.wait()
            self._has_ended.clear()
            while self._ended:
                self._take(self._ended.popleft())
            self._go_on()

    async def ask_again(self, jobs: Sequence[Job]) -> None:
        """Ask a second time where the first attempt wants it, after the gap."""
        again = [job for job in jobs if self._wants_second(job.seen[-1])]
        if not again:
            return
        if self._on_again:
            self._on_again(len(again), self._settings.gap)
        await asyncio.sleep(self._settings.gap)
        self._is_second = True
        await self._client.keep_none()
        for host in self._hosts.values():
            host.reopen()
        for job in again:
            job.refusals = min(job.refusals, AGAIN)
        # Those that were never asked first: they may tell more than those that were silent.
        await self.ask(sorted(again, key=lambda job: job.seen[-1].failure is not Failure.HOST_DOWN))

    async def end(self) -> None:
        """Stop whatever is under way."""
        for timer in (*self._timers.values(), *([self._sweep] if self._sweep else [])):
            timer.cancel()
        tasks = [*self._fast, *self._slow]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_ENDING)

    def rest(self, jobs: Iterable[Job], failure: Failure) -> None:
        """Say why there is no attempt, or no second one, at what is not done."""
        for job in jobs:
            is_done = job.seen and (len(job.seen) > 1 or not self._wants_second(job.seen[0]))
            if not is_done:
                job.seen += (Seen(failure=failure),)
                self._tell(job)

    # ------------------------------------------------------------------------- whose turn it is

    def _host(self, name: str) -> Host:
        if name not in self._hosts:
            self._hosts[name] = Host(name, self._settings)
        return self._hosts[name]

    def _offer(self, host: Host) -> None:
        if host.queue and not host.is_offered:
            host.is_offered = True
            self._ready.append(host)

    def _go_on(self) -> None:
        """Start what may be started, a request a host in turn."""
        most = self._settings.concurrency
        while self._ready and len(self._fast) < most:
            if len(self._fast) + len(self._slow) >= most * _SILENT:
                return
            host = self._ready.popleft()
            host.is_offered = False
            if not host.queue or not host.has_room:
                continue  # offered again as soon as a request of it ends
            now = self._loop.time()
            if (wait := host.wait(now)) > 0:
                self._offer_later(host, wait)
                continue
            host.charge(now)
            self._start(host.queue.popleft(), host, now)
            self._offer(host)

    def _offer_later(self, host: Host, wait: float) -> None:
        def offer() -> None:
            del self._timers[host]
            self._offer(host)
            self._go_on()

        if host not in self._timers:
            self._timers[host] = self._loop.call_later(wait, offer)

    def _start(self, job: Job, host: Host, now: float) -> None:
        job.started = now
        task = self._loop.create_task(self._client.ask(job.ask, follows=job.follows))
        task.add_done_callback(self._end)
        self._fast[task] = job, host
        host.fast += 1
        if not self._sweep:
            self._sweep = self._loop.call_later(self._slow_after, self._mark_slow)

    def _mark_slow(self) -> None:
        """Let others start in place of the requests that wait for long."""
        self._sweep = None
        now = self._loop.time()
        for task, (job, host) in list(self._fast.items()):
            if (left := job.started + self._slow_after - now) > 0:
                self._sweep = self._loop.call_later(left, self._mark_slow)
                break
            self._slow[task] = self._fast.pop(task)
            host.fast -= 1
            host.slow += 1
            self._offer(host)
        self._go_on()

    # ---------------------------------------------------------------------------- what came of it

    def _end(self, task: asyncio.Task[Seen]) -> None:
        self._ended.append(task)
        self._has_ended.set()

    def _take(self, task: asyncio.Task[Seen]) -> None:
        if task in self._fast:
            job, host = self._fast.pop(task)
            host.fast -= 1
        else:
            job, host = self._slow.pop(task)
            host.slow -= 1
        self._judge(job, host, task.result())
        self._offer(host)

    def _judge(self, job: Job, host: Host, seen: Seen) -> None:
        """What an attempt tells about its host, and whether it was the last of this pass."""
        now = self._loop.time()
        self.failures.setdefault(job.host, set()).add(None if seen.hops else seen.failure)
        for hop in seen.hops[1:]:
            self._host(authority(hop.url)).charge(now)
        if seen.code in _LATER and (seen.code == 429 or seen.retry_after is not None):
            self._come_back(job, host, seen, now)
        elif seen.hops or seen.failure in (Failure.RESET, Failure.GARBAGE, Failure.TLS):
            host.answered(now)
            if seen.code and seen.code >= 500:
                host.overloaded()
            self._done(job, seen)
        else:
            self._done(job, seen)
            if seen.failure is Failure.NO_HOST:
                self._spare(host, authority(job.ask), seen)
            host.failed(job, seen.failure)
            self._close(host)

    def _come_back(self, job: Job, asked: Host, seen: Seen, now: float) -> None:
        """The host that answered last, maybe another than was asked, wants fewer requests."""
        host = self._host(authority(seen.final)) if len(seen.hops) > 1 else asked
        if host.refused(job, seen.retry_after, now):
            host.queue.append(job)  # last: what others get tells whether the host means them too
            self._offer(host)
        elif (wait := seen.retry_after) is not None and (
            wait > self._settings.patience or host.closed is Failure.WAIT
        ):
            self._done(job, Seen(seen.hops, Failure.WAIT, seen.headers, retry_after=wait))
        else:
            self._done(job, seen)
        self._close(host)

    def _close(self, host: Host) -> None:
        """Leave the rest of a host alone if it has been given up."""
        if host.closed:
            while host.queue:
                self._done(host.queue.popleft(), Seen(failure=host.closed))

    def _spare(self, host: Host, name: str, seen: Seen) -> None:
        """A name that does not exist does so for every address."""
        queue, host.queue = host.queue, deque()
        for job in queue:
            if authority(job.ask) == name:
                self._done(job, seen)
            else:
                host.queue.append(job)

    def _done(self, job: Job, seen: Seen) -> None:
        job.seen += (seen,)
        if self._is_second or not self._wants_second(seen):
            self._tell(job)
        self._left -= 1

    def _tell(self, job: Job) -> None:
        if self._on_done:
            for url in job.urls:
                self._on_done(url, job.seen)
