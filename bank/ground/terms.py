"""The one word that installations say differently: 鉴定点, 考评点 or 认定点 (setting `point_label`).

Every sentence that names a point of an outline takes the word from here. The edges (request, command) say which one
holds while they run, so that readers and solvers need no setting handed down to them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

POINT_LABELS = ("鉴定点", "考评点", "认定点")
_point_label = ContextVar("point_label", default=POINT_LABELS[0])


def point_label() -> str:
    """The word for a point of an outline, as this installation says it."""
    return _point_label.get()


@contextmanager
def saying(label: str) -> Iterator[None]:
    """Speak of points by this word while the block runs."""
    token = _point_label.set(label)
    try:
        yield
    finally:
        _point_label.reset(token)
