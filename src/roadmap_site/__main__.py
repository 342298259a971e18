"""`python -m roadmap_site`."""

from roadmap_site.cli import main

main(prog_name="roadmap-site")
