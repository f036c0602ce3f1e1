"""A mail server that speaks as much IMAP4rev1 as a reader needs, in a thread of the test."""

from __future__ import annotations

import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class FakeImap:
    """`mailboxes` by their name on the wire: UID → mail. Everything that clients said is in `said`."""

    password: str = "correct"
    mailboxes: dict[str, dict[int, bytes]] = field(default_factory=dict)
    validity: int = 7
    said: list[str] = field(default_factory=list)

    def __enter__(self) -> FakeImap:
        server, known = self, self.mailboxes

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                box: dict[int, bytes] = {}
                while line := self.rfile.readline().decode().strip():
                    server.said.append(line)
                    tag, _, rest = line.partition(" ")
                    word = rest.upper().removeprefix("UID ").partition(" ")[0]
                    if word == "CAPABILITY":
                        self.say("* CAPABILITY IMAP4rev1")
                    elif word == "LOGIN" and f'"{server.password}"' not in rest:
                        self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong")
                        continue
                    elif word == "EXAMINE":
                        name = rest.partition(" ")[2].strip('"')
                        if name not in known:
                            self.say(f"{tag} NO no such mailbox")
                            continue
                        box = known[name]
                        self.say(f"* {len(box)} EXISTS\r\n* OK [UIDVALIDITY {server.validity}] valid")
                    elif word == "SEARCH":
                        self.say("* SEARCH " + " ".join(map(str, found(rest, box))))
                    elif word == "FETCH":
                        for uid in map(int, rest.split()[2].split(",")):
                            self.wfile.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (uid, len(box[uid])))
                            self.wfile.write(box[uid] + b")\r\n")
                    elif word == "LOGOUT":
                        self.say(f"* BYE\r\n{tag} OK bye")
                        return
                    self.say(f"{tag} OK done")

            def say(self, text: str) -> None:
                self.wfile.write(text.encode() + b"\r\n")

        socketserver.ThreadingTCPServer.daemon_threads = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def found(criteria: str, box: dict[int, bytes]) -> list[int]:
    """`UID n:*` as servers answer it: at least the newest. Any other search finds everything."""
    above = re.search(r"UID (\d+):\*", criteria.partition("SEARCH")[2])
    if not above or not box:
        return sorted(box)
    return sorted(uid for uid in box if uid >= min(int(above[1]), max(box)))
