"""Quality: what in a bank's items would make a sound examiner frown, item by item and over the whole (Article 6(5))."""
