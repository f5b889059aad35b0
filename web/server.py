"""The production server on the embedded default: waitress, one process, several threads."""

import waitress

from web.app import create_app
from web.house import House


def serve(house: House, host: str, port: int, threads: int) -> None:
    """Serve pages until interrupted; writers queue inside the process, so threads never starve one another."""
    waitress.serve(
        create_app(house), host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True
    )
