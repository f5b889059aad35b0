"""When are two questions the same question: canonical form, keyed sketches, verdicts, clusters."""
