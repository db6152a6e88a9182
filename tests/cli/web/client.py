# SPDX-License-Identifier: GPL-2.0-or-later
"""A small WebSocket client (RFC 6455), for the tests of pz web: Python's own library has none."""
import base64
import json
import os
import re
import socket
import struct
import subprocess


class Server:
    """pz web, at a free port, with the token of the address that it prints."""

    def __init__(self, pz, env=None):
        self.process = subprocess.Popen([pz, "web"], stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, **(env or {})})
        self.port, self.token = self.invitation()

    def invitation(self):
        for line in self.process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=([0-9a-f]+)", line)
            if found:
                return int(found[1]), found[2]
        raise SystemExit("pz web prints no address")

    def get(self, path, host=None, cookie=None, method="GET"):
        """An answer: its status, headers and body."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}"]
        if cookie:
            lines.append(f"Cookie: {cookie}")
        with socket.create_connection(("127.0.0.1", self.port)) as link:
            link.sendall(("\r\n".join(lines) + "\r\nConnection: close\r\n\r\n").encode())
            head, body = receive_all(link).split(b"\r\n\r\n", 1)
        first, *rest = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in rest)
        return int(first.split()[1]), {k.lower(): v for k, v in headers.items()}, body

    def log_in(self):
        """The cookie that the token is good for, once."""
        status, headers, _ = self.get(f"/?token={self.token}")
        assert status == 303, status
        return headers["set-cookie"].split(";")[0]


def receive_all(link):
    parts = []
    try:
        while part := link.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


class Refused(Exception):
    """No session: what the server said."""


class Session:
    """A page's session. Without a frame for `ask` the others send what is wrong."""

    def __init__(self, port, cookie, host=None, origin=None, path="/session"):
        self.link = socket.create_connection(("127.0.0.1", port))
        self.count = 0
        host = host or f"127.0.0.1:{port}"
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode()]
        if origin != "":
            lines.append(f"Origin: {origin or 'http://' + host}")
        if cookie:
            lines.append(f"Cookie: {cookie}")
        self.link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.link.makefile("rb")
        status = self.file.readline()
        while self.file.readline() not in (b"\r\n", b""):
            pass
        if b" 101 " not in status:
            raise Refused(status.decode().strip())

    def send(self, payload, opcode=1, length=None, final=True):
        """A frame; `length` is what its header says."""
        length = len(payload) if length is None else length
        head = bytes([(0x80 if final else 0) | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        self.link.sendall(head + bytes(4) + payload) # the mask is zero

    def receive(self):
        """The next frame: opcode and payload. (8, b''): the connection is at its end."""
        try:
            head = self.file.read(2)
            if len(head) < 2:
                return 8, b""
            length = head[1] & 127
            if length == 126:
                length = struct.unpack(">H", self.file.read(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.file.read(8))[0]
            return head[0] & 15, self.file.read(length)
        except ConnectionResetError:
            return 8, b""

    def message(self):
        """A whole text message."""
        opcode, payload = self.receive()
        assert opcode in (0, 1), (opcode, payload)
        return payload

    def ask(self, **request):
        self.count += 1
        self.send(json.dumps({"id": self.count, **request}).encode())
        answer = json.loads(self.message())
        assert answer["id"] == self.count, answer
        return answer

    def closed(self):
        """The code with which the server has ended the session."""
        while True:
            opcode, payload = self.receive()
            if opcode == 8:
                return struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None

    def close(self):
        self.file.close()
        self.link.close()
