"""The development server: watches files, serves a folder, and tells open pages what is new.

It knows neither curricula nor MkDocs.
"""

from roadmap_site.devserver.http import DevServer
from roadmap_site.devserver.live import LiveSite
from roadmap_site.devserver.watch import Watcher

__all__ = ["DevServer", "LiveSite", "Watcher"]
