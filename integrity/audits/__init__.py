"""Audits: reused papers (Article 14(4)), leaked items (Article 16(2)), reading suspicious documents."""
