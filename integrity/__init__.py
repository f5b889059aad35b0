"""Was it asked before, has it got out: similarity, audits, leak scans.

Builds on `bank` and `papers`; writes cluster ids that they read; knows nothing of the web.
"""
