"""Who sees it: pages, commands, demo. The only room that knows Flask and click, and the only one that commits."""
