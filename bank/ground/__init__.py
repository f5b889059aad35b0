"""The ground of the house: settings, database, clock, errors, actors, policy."""
