# SPDX-License-Identifier: GPL-2.0-or-later
"""client.py - a client of `pz dap` for tests. Every message that comes is checked: against the
protocol's own JSON schema where there is one (PZ_DAP_SCHEMA, or in Python's debugpy) and jsonschema
to read it, and always against what the protocol asks of all messages."""
import base64
import importlib.util
import json
import os
import queue
import subprocess
import threading

PATIENCE = 600  # seconds, for what hangs


def schema_path():
    """The protocol's schema, or None."""
    if os.environ.get("PZ_DAP_SCHEMA"):
        return os.environ["PZ_DAP_SCHEMA"]
    found = importlib.util.find_spec("debugpy")
    if not found or not found.submodule_search_locations:
        return None
    path = os.path.join(found.submodule_search_locations[0],
                        "_vendored/pydevd/_pydevd_bundle/_debug_adapter/debugProtocol.json")
    return path if os.path.exists(path) else None


class Schema:
    """Is a message what the protocol says?"""

    def __init__(self):
        self.known = {}
        path = schema_path()
        if not path or not importlib.util.find_spec("jsonschema"):
            return
        import jsonschema
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for name in document["definitions"]:
            self.known[name] = jsonschema.Draft4Validator(
                {"$ref": f"#/definitions/{name}", "definitions": document["definitions"]})

    def by_schema(self, message):
        name = message["event"] if message["type"] == "event" else message["command"]
        kind = name[:1].upper() + name[1:] + message["type"].capitalize()
        if message["type"] == "response" and not message["success"]:
            kind = "ErrorResponse"
        if not self.known:
            return
        assert kind in self.known, f"the protocol has no {kind}"
        self.known[kind].validate(message)

    def check(self, message):
        assert isinstance(message["seq"], int) and message["seq"] > 0, message
        if message["type"] == "event":
            assert isinstance(message["event"], str) and message["event"], message
        else:
            assert message["type"] == "response", message
            assert isinstance(message["request_seq"], int), message
            assert isinstance(message["success"], bool), message
            assert isinstance(message["command"], str), message
            assert isinstance(message["body"], dict), message
            if not message["success"]:
                assert message["message"] and message["body"]["error"]["format"], message
        self.by_schema(message)


class Refused(Exception):
    """A request was answered with an error."""


class Client:
    """One pz dap. Messages are read by a thread, so that nothing blocks the server."""

    schema = Schema()

    def __init__(self, *words):
        self.process = subprocess.Popen([os.environ["PZ"], "dap", *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.seq, self.last = 0, 0
        self.kept, self.output = [], ""
        self.messages = queue.Queue()
        threading.Thread(target=self.read_all, daemon=True).start()

    # ---- The wire ----

    def read_all(self):
        out = self.process.stdout
        while True:
            length = None
            while (line := out.readline()) not in (b"\r\n", b""):
                name, value = line.split(b":")
                assert name == b"Content-Length"
                length = int(value)
            if length is None:
                break
            self.messages.put(json.loads(out.read(length)))
        self.messages.put(None)

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps(message).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def take(self):
        """The next message, checked; None at the end."""
        message = self.messages.get(timeout=PATIENCE)
        if message is None:
            return None
        self.schema.check(message) if message.get("command") != "" else None
        assert message["seq"] == self.last + 1, "messages are numbered one by one"
        self.last = message["seq"]
        if message["type"] == "event" and message["event"] == "output":
            self.output += message["body"]["output"]
        return message

    # ---- Requests and events ----

    def start(self, command, **arguments):
        self.seq += 1
        self.send({"seq": self.seq, "type": "request", "command": command,
                   "arguments": arguments})
        return self.seq

    def answer(self, seq):
        while True:
            message = self.take()
            assert message is not None, "it ended without an answer"
            if message["type"] == "response" and message["request_seq"] == seq:
                if not message["success"]:
                    raise Refused(message["message"])
                return message["body"]
            self.kept.append(message)

    def ask(self, command, **arguments):
        return self.answer(self.start(command, **arguments))

    def refused(self, command, **arguments):
        """A request that has to be refused: why it was."""
        try:
            self.ask(command, **arguments)
        except Refused as why:
            return str(why)
        raise AssertionError(f"{command} was not refused: {arguments}")

    def event(self, name):
        """The next event of this name."""
        for i, message in enumerate(self.kept):
            if message["type"] == "event" and message["event"] == name:
                del self.kept[i]
                return message.get("body", {})
        while True:
            message = self.take()
            assert message is not None, f"it ended without the event {name}"
            if message["type"] == "event" and message["event"] == name:
                return message.get("body", {})
            self.kept.append(message)

    def move(self, command, **arguments):
        """Move, and how it stopped."""
        arguments.setdefault("threadId", 1)
        self.ask(command, **arguments)
        return self.event("stopped")

    def open(self, *, before=lambda client: None, **arguments):
        """Up to the first stop."""
        self.can = self.ask("initialize", adapterID="pz", linesStartAt1=True)
        self.ask("launch", **arguments)
        self.event("initialized")
        before(self)
        self.ask("configurationDone")
        return self.event("stopped")

    def close(self):
        """Say goodbye; the exit code."""
        self.ask("disconnect")
        while self.take() is not None:
            pass
        self.process.stdin.close()
        return self.process.wait(PATIENCE)

    # ---- What is often wanted ----

    def frames(self, thread=1):
        return self.ask("stackTrace", threadId=thread)["stackFrames"]

    def variables(self, scope, thread=1):
        frame = self.frames(thread)[0]["id"]
        scopes = {s["name"]: s["variablesReference"]
                  for s in self.ask("scopes", frameId=frame)["scopes"]}
        rows = self.ask("variables", variablesReference=scopes[scope])["variables"]
        return {row["name"]: row["value"] for row in rows}

    def pc(self, thread=1):
        return int(self.variables("Registers", thread)["pc"], 16)

    def retired(self, thread=1):
        return int(self.variables("Registers", thread)["retired"])

    def memory(self, address, count):
        return base64.b64decode(self.ask("readMemory", memoryReference=hex(address),
                                         count=count)["data"])

    def say(self, command):
        return self.ask("evaluate", expression=command, context="repl")["result"]
