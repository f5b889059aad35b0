"""What answers say about questions: scoring, item counts, reliability, intervals, drift. Pure: numpy, no session."""
