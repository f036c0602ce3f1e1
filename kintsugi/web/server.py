"""Serves the web application in a thread of the running service."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import uvicorn

from config.mistakes import ConfigurationError
from kintsugi.web.impatience import Impatience

if TYPE_CHECKING:
    from fastapi import FastAPI

    from config.web import WebSettings

STOP_WITHIN = 10.0  # seconds for requests in hand
# Where a proxy of ours may stand. A client's address is the last one in X-Forwarded-For that is none of these: what
# stands before it the client wrote itself, and could be anybody's.
PROXIES = ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]


def listening(settings: WebSettings) -> socket.socket:
    """The port, taken: whoever comes waits for the WebServer. Raises ConfigurationError when somebody else has it."""
    host, port = settings.listen, settings.port
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise ConfigurationError([f"web: {host}:{port} cannot be had ({error.strerror}): set web.port"]) from None


class WebServer:
    """Serves from when it is made. Raises ConfigurationError when the port is taken, and was not taken by us before."""

    def __init__(self, web: FastAPI, settings: WebSettings, port: socket.socket | None = None) -> None:
        self._web = web
        self._socket = port or listening(settings)
        self.port: int = self._socket.getsockname()[1]
        # The service logs itself. Forwarded headers are believed only where a proxy is known to set them.
        self._server = uvicorn.Server(
            uvicorn.Config(
                web, http=Impatience, log_config=None, access_log=False, server_header=False,
                proxy_headers=settings.behind_proxy, forwarded_allow_ips=PROXIES if settings.behind_proxy else None,
                ssl_certfile=settings.certificate, ssl_keyfile=settings.certificate_key,
                timeout_graceful_shutdown=int(STOP_WITHIN),
            )
        )  # fmt: skip
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="web", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends after the requests in hand."""
        self._web.state.closing = True  # ends the streams of open pages
        self._server.should_exit = True
        self._thread.join(STOP_WITHIN)
        self._socket.close()
