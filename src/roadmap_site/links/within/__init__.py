"""Links within the site, held against the files that it was rendered to."""
