"""Outlines (鉴定要素细目表) read from the files people have, and written as the form they fill in."""
