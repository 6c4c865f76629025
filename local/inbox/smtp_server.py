"""An SMTP server on 127.0.0.1, in a thread of its own with an event loop of its own, that ends when told.

aiosmtpd has a Controller for this, but it cannot listen on a port that the system picks, and leaves open
connections behind when it stops. Opening the server on a loop of ours takes no more lines.
"""

import asyncio
from threading import Thread
from typing import Any
from weakref import WeakSet

from aiosmtpd.smtp import SMTP

from local.inbox.mail import MailDesk


class SmtpServer:
    """Starts when made; `port` is where it listens."""

    def __init__(self, desk: MailDesk, port: int, *, with_login: bool) -> None:
        """Port 0 lets the system pick one. Raises OSError when the port is taken."""
        self._desk = desk
        self._with_login = with_login
        self._open: WeakSet[Any] = WeakSet()
        self._loop = asyncio.new_event_loop()
        try:
            self._server = self._loop.run_until_complete(
                self._loop.create_server(self._session, "127.0.0.1", port)
            )
        except BaseException:
            self._loop.close()
            raise
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = Thread(target=self._loop.run_forever, name="inbox-smtp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, drop what is connected, end the thread and its loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.run_until_complete(self._drop_connections())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _session(self) -> Any:
        """One connection's protocol."""
        session = SMTP(
            self._desk,
            hostname="localhost",
            loop=self._loop,
            enable_SMTPUTF8=True,
            authenticator=self._desk.authenticate,
            # AUTH is offered only where a login is set, and then without TLS: this is the loopback interface.
            auth_require_tls=not self._with_login,
        )
        self._open.add(session)
        return session

    async def _drop_connections(self) -> None:
        for session in list(self._open):
            if session.transport is not None:
                session.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # One more turn of the loop: an aborted transport closes its socket in a callback.
        await asyncio.sleep(0)
