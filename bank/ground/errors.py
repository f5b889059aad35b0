"""The few kinds of failure a user may meet, each with one Chinese sentence.

Every kind carries the exit status of the command line (`interface.md`): 2 bad input, 3 refused by policy or
permission, 1 a check that failed. The web turns the same kinds into pages.
"""


class TidunError(Exception):
    """One Chinese sentence for the user: what is wrong, where (file, row), and how to mend it."""

    exit_status = 2

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(TidunError):  # noqa: N818 - named for what the user gave
    """What was given cannot be used; nothing was written."""


class NotFound(BadInput):
    """The thing named does not exist, or this actor may not know that it does."""


class Refused(TidunError):  # noqa: N818 - named for what the house did
    """Policy or permission forbids it; the sentence names the article or the role."""

    exit_status = 3


class CheckFailed(TidunError):  # noqa: N818 - named for what happened
    """A verification did not hold: tampered ledger, damaged record, stale index."""

    exit_status = 1
