"""What may be asked, and the ground that everything stands on.

Nothing here knows papers, audits or the web; Flask and click stay outside.
"""
