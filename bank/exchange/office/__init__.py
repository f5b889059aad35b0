"""Word, Excel and delimited files as lines and grids: what stands on the page, before anybody asks what it means."""
