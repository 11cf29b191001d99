"""What all pages share: controls, links, places, and the cache between page and core."""
