"""Addresses asked for over the network, politely and in bounded time. It alone knows aiohttp."""
