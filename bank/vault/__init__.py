"""Content at rest: keys, providers and the one record format."""
