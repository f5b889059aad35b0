"""What is asked on the day: blueprints, assembly, forms, printing, sittings.

Builds on `bank`; knows neither audits nor the web.
"""
