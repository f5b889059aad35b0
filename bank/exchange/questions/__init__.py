"""The grammar of questions as people write them, in running text and in tables, up to the draft of an item."""
