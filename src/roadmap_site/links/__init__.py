"""Links: found where they stand, asked for over the network, judged, remembered, mended.

`find` and `since` say what is asked for; `run` has it asked (`asking`), judged (`judging`) and kept
in `memory`; `diagnose` and `mending` say what to do about it. `within` has the links within the
site, for which nobody has to be asked; both read references as browsers do, by `resolution`. The
only room that speaks to the network, by aiohttp, and only to public addresses.
"""
