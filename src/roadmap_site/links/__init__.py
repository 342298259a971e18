"""Links: found where they stand, asked for over the network, judged, remembered, mended.

The only room that speaks to the network, by aiohttp, and only to public addresses.
"""
