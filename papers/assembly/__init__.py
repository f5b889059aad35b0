"""Choosing items under a blueprint, with a certificate an outsider can check."""
