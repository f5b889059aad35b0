"""The production server on the embedded default: waitress, one process, several threads."""

import logging
from collections.abc import Callable

import waitress

from bank.ground.errors import BadInput
from web.app import create_app
from web.house import House


def serve(house: House, host: str, port: int, threads: int, opened: Callable[[str], None]) -> str:
    """Serve pages until interrupted, and tell `opened` the address once it answers; returns the address.

    Writers queue inside the process, so threads never starve one another.
    """
    app = create_app(house, worker=True)
    try:
        server = waitress.create_server(
            app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True
        )
    except (OSError, ValueError) as error:
        raise BadInput(
            f"不能在 {host}:{port} 打开网页，端口已被占用或地址不是本机的；请用 --port 或 --host 换一个"
        ) from error
    url = f"http://{host}:{port}/"
    # Each request of a busy minute would write a line of its own.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    worker = app.extensions["tidun_jobs"].start_worker()
    opened(url)
    try:
        server.run()
    finally:
        worker.stop()
    return url
