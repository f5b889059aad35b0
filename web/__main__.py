"""`python -m web` is the same as `tidun`."""

from web.cli import main

if __name__ == "__main__":
    main()
