# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is served by pz web, and who is not."""
import os
import pathlib
import signal
import time

from client import Refused, Server, Session

BIG = 64 << 20


def check(fact, what):
    if not fact:
        raise SystemExit(f"wrong: {what}")


def refused(server, cookie, **wrong):
    try:
        Session(server.port, cookie, **wrong)
    except Refused as said:
        return "403" in str(said)
    return False


def files(server, cookie):
    status, headers, body = server.get("/", cookie=cookie)
    check(status == 200 and body == b"<p>the page", "the page")
    check("default-src 'none'" in headers["content-security-policy"], "a policy")
    check(headers["x-content-type-options"] == "nosniff", "no sniffing")
    check("access-control-allow-origin" not in headers, "for nobody else")
    check(headers["content-type"].startswith("text/html"), "its type")
    check(server.get("/a.wasm", cookie=cookie)[1]["content-type"] == "application/wasm", "wasm")
    for path in ("/secret", "/../secret", "/%2e%2e/secret", "/.hidden", "//secret", "/" + "a" * 5000):
        status, _, body = server.get(path, cookie=cookie)
        check(b"secret" not in body and status != 200, path[:40])


def tokens(server):
    check(server.get("/")[0] == 403, "no token")
    check(server.get("/a.wasm")[0] == 403, "no token for a file")
    check(server.get("/?token=" + "0" * 32)[0] == 403, "another token")
    check(server.get("/?token=")[0] == 403, "an empty token")
    check(server.get(f"/?token={server.token}", host="evil.example")[0] == 403, "another host")
    used = server.token
    cookie = server.log_in()
    server.port, server.token = server.invitation()
    check(used != server.token, "a new token")
    check(server.get(f"/?token={used}")[0] == 403, "a token that was used")
    check(server.get("/", cookie=cookie, host=f"evil.example:{server.port}")[0] == 403, "rebinding")
    check(server.get("/", cookie=cookie[:-1] + "x")[0] == 403, "another cookie")
    return cookie


def sessions(server, cookie):
    evil = "http://evil.example"
    for wrong in ({"origin": evil}, {"origin": ""}, {"origin": f"https://127.0.0.1:{server.port}"},
                  {"origin": f"http://127.0.0.1:{server.port}.evil.example"}, {"origin": "null"},
                  {"host": "evil.example"}, {"path": "/other"}):
        check(refused(server, cookie, **wrong), wrong)
    check(refused(server, None), "a session without a cookie")
    check(refused(server, cookie[:-1] + "x"), "a session with another cookie")


def frames(server, cookie):
    for length in (96 << 20 | 1, 1 << 40, (1 << 63) - 1):
        page = Session(server.port, cookie)
        page.send(b"x", length=length)
        check(page.closed() == 1009, f"a frame of {length} bytes")
    page = Session(server.port, cookie)
    page.send(b"{}", opcode=2)
    check(page.closed() == 1003, "binary frames")
    page = Session(server.port, cookie)
    for text in (b"garbage", b"", b'{"do":\n"hello"} {"do":"hello"}', b"[" * 100000, b"\0"):
        page.send(text)
        check(b'"ok":false' in page.message(), text[:40])
    page.send(b'{"id":"a",', final=False)
    page.send(b'"do":"hello"}', opcode=0)
    check(page.message().startswith(b'{"id":"a","do":"hello"'), "in two fragments")
    check("too long" in page.ask(do="hello", more="x" * (1 << 20))["error"], "not for a file")
    check(page.ask(do="file", name="big", base64="A" * BIG)["bytes"] == BIG // 4 * 3, "a file")
    page.close()


def two_pages(server, cookie):
    one, other = (Session(server.port, cookie) for _ in range(2))
    check(one.ask(do="open", argv=["--append", "ls"])["ok"], "open")
    check(not other.ask(do="view", what="regs")["ok"], "a machine of one's own")
    check(other.ask(do="open", argv=["mini"])["ok"], "open there too")
    # One is busy without an end: the other is answered, and then it is interrupted.
    other.send(b'{"id":99,"do":"command","line":"continue"}')
    check(one.ask(do="run", insns=10 ** 9)["why"] == "end", "run")
    other.send(b'{"do": "interrupt"}')
    check(b"interrupted" in other.message(), "interrupt")
    one.close()
    check(other.ask(do="run", insns=1)["why"] == "budget", "the other goes on")
    # This one is left while it is busy.
    other.send(b'{"id":100,"do":"command","line":"continue"}')
    other.close()
    many = [Session(server.port, cookie) for _ in range(8)]
    check(Session(server.port, cookie).closed() == 1013, "one more than there may be")
    return many


def alive(process):
    """A process that nobody has waited for yet has ended all the same."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(process):
    """Of a process: those that are alive."""
    def parent(stat):
        try:
            return int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            return 0

    found = [int(stat.parent.name) for stat in pathlib.Path("/proc").glob("[0-9]*/stat")
             if parent(stat) == process]
    return [child for child in found if alive(child)]


def wait_until(fact):
    while not fact():
        time.sleep(0.02)


def killed(page_folder):
    """A server that is killed takes its sessions with it, and a session the verb that it runs. What
    they leave behind goes when the next one starts."""
    left = pathlib.Path(os.environ["TMPDIR"])
    server = Server(os.environ["PZ"], {"PZ_WEB": page_folder})
    cookie = server.log_in()
    server.port, server.token = server.invitation()
    looping, busy = (Session(server.port, cookie) for _ in range(2))
    for page in looping, busy:
        check(page.ask(do="assemble", name="loop.S", source="_start: j _start")["file"], "a loop")
        check(page.ask(do="open", argv=["loop.elf"])["ok"], "open")
    looping.send(b'{"id":99,"do":"command","line":"continue"}')
    busy.send(b'{"id":99,"do":"verb","argv":["run","loop.elf"]}')
    sessions = children(server.process.pid)
    check(len(sessions) == 2, "two sessions")
    wait_until(lambda: any(map(children, sessions)))
    verbs = [verb for session in sessions for verb in children(session)]
    os.kill(next(session for session in sessions if children(session)), signal.SIGKILL)
    wait_until(lambda: not any(map(alive, verbs)))
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(map(alive, sessions)))
    before = list(left.iterdir())
    check(before, "the server's folder is left")
    server = Server(os.environ["PZ"], {"PZ_WEB": page_folder})
    check(len(list(left.iterdir())) == 1 and before[0] not in left.iterdir(), "it is removed")
    server.process.send_signal(signal.SIGINT)
    server.process.wait()


def main():
    page = pathlib.Path("page")
    page.mkdir()
    (page / "index.html").write_text("<p>the page")
    (page / "a.wasm").write_bytes(b"\0asm")
    (page / ".hidden").write_text("secret")
    pathlib.Path("secret").write_text("secret")
    server = Server(os.environ["PZ"], {"PZ_WEB": str(page.absolute())})
    cookie = tokens(server)
    files(server, cookie)
    sessions(server, cookie)
    frames(server, cookie)
    kept = two_pages(server, cookie)
    server.process.send_signal(signal.SIGINT)
    check(server.process.wait() == 0, "the exit code")
    check(all(page.receive()[0] == 8 for page in kept), "all sessions end")
    killed(str(page.absolute()))


main()
