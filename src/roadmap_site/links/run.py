"""One run: from the places of addresses to what became of each address."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from roadmap_site.links.asking.address import refusal
from roadmap_site.links.asking.schedule import Asked, Wanted, ask_all, not_asked
from roadmap_site.links.judging.judge import judge, wants_second
from roadmap_site.links.judging.sites import question
from roadmap_site.links.memory import UNSURE, Memory
from roadmap_site.links.network import Network
from roadmap_site.links.seen import Seen
from roadmap_site.links.settings import Settings
from roadmap_site.model.links import Judged, LinkReport, LinkStatus, Mention, links_of

Progress = Callable[[int, int], None]
"""Told how many addresses are done, of how many; first that none is."""
Again = Callable[[int, float], None]
"""Told how many addresses are asked a second time, and after how many seconds."""


def check_links(
    mentions: Sequence[Mention],
    settings: Settings | None = None,
    network: Network | None = None,
    *,
    memory: Memory | None = None,
    promotes: bool = False,
    now: datetime | None = None,
    on_progress: Progress | None = None,
    on_again: Again | None = None,
) -> LinkReport:
    """Ask for every address that has a changed place, once, and judge it.

    Addresses that nothing changed about are left out altogether; those that have changed come with
    all of their places. What `memory` still knows is not asked for; what is found goes into it.
    `promotes`: what has failed for days is called broken. `now` is the time, with its zone. It
    runs an event loop of its own, so that it cannot be called from within another.
    """
    changed = {mention.url for mention in mentions if mention.is_changed}
    mentions = [mention for mention in mentions if mention.url in changed]
    network = network or Network()
    now = now or datetime.now(UTC)
    memory = Memory() if memory is None else memory
    judged = refused(mentions, network)
    fresh = {url: memory.fresh(url, now) for url in changed - judged.keys()}
    known = {url: found for url, found in fresh.items() if found is not None}
    judged |= known
    urls = list(dict.fromkeys(mention.url for mention in mentions if mention.url not in judged))
    # Should time be too short, what failed before was asked for.
    urls.sort(key=memory.has_failed, reverse=True)
    asked = asyncio.run(_ask(urls, settings or Settings(), network, on_progress, on_again))
    whys = Counter[str]()
    for url in urls if asked.has_network else ():
        found = judge(url, asked.seen.get(url, ()))
        if found.status is LinkStatus.UNCHECKED:
            whys[found.detail] += 1
        before = memory.broken(url)
        memory.keep(url, found, now)
        if promotes:
            found = memory.promoted(url, found, now)
        if before and found.status in UNSURE:
            found = replace(found, detail=f"{found.detail}; {before}", was_broken=True)
        judged[url] = found
    return LinkReport(
        links_of(mentions, judged),
        # How many addresses nobody asked for, and why.
        (*asked.notes, *(f"{not_asked(count)}: {why}" for why, count in whys.items())),
        requests=asked.requests,
        remembered=len(known),
        has_network=asked.has_network,
    )


def offline(mentions: Sequence[Mention], network: Network | None = None) -> LinkReport:
    """What can be said of addresses without asking anybody: which nothing may be asked for."""
    return LinkReport(links_of(mentions, refused(mentions, network or Network())))


def refused(mentions: Sequence[Mention], network: Network) -> dict[str, Judged]:
    """The addresses that nothing may be asked for, and why."""
    reasons = {mention.url: refusal(mention.url, network) for mention in mentions}
    return {url: Judged(LinkStatus.INVALID, why) for url, why in reasons.items() if why}


async def _ask(
    urls: Sequence[str],
    settings: Settings,
    network: Network,
    on_progress: Progress | None,
    on_again: Again | None,
) -> Asked:
    done = 0
    if on_progress:
        on_progress(done, len(urls))

    def tell(_url: str, _seen: Sequence[Seen]) -> None:
        nonlocal done
        done += 1
        if on_progress:
            on_progress(done, len(urls))

    wanted = []
    for url in urls:
        ask = question(url)
        wanted.append(Wanted(url, ask.ask, follows=ask.follows))
    return await ask_all(
        wanted, settings, network, wants_second=wants_second, on_done=tell, on_again=on_again
    )
