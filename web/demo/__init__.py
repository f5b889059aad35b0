"""The demo: banks written for it, two simulated years, one planted look-alike, one planted leak."""
