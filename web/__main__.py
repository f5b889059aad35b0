"""`python -m web` is the same as `tidun`."""

from web.cli import main

main()
