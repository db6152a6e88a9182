# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives pz run at a pseudo-terminal. Ends at the first failure, telling it."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PZ = sys.argv[1]
LIMIT = 600  # seconds for any one answer: for what hangs, on the slowest machine


class Session:
    """pz with a terminal: leading a session, or as a job of one that can be suspended."""

    def __init__(self, words, job=False, **env):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.before = termios.tcgetattr(slave)
        self.seen = b""
        self.words = words
        self.test = sys._getframe(1).f_code.co_name
        environment = {"TERM": "xterm", "PATH": os.environ["PATH"], **env}
        if "PZ_GUESTS" in os.environ:
            environment["PZ_GUESTS"] = os.environ["PZ_GUESTS"]
        told, tell = os.pipe()
        self.leader = os.fork()
        if self.leader == 0:
            os.close(self.master)
            self.lead(job, tell, environment)
        os.close(tell)
        self.pid = int(os.read(told, 16))  # pz's
        os.close(told)

    def lead(self, job, tell, environment):
        """In the child: take the terminal and become pz, or the shell that has it as a job."""
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)  # nohup and background jobs ignore some
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(self.slave, fd)
        pid = os.fork() if job else 0
        if pid:
            _, status = os.waitpid(pid, 0)
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
        if job:
            os.setpgid(0, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.write(tell, b"%d" % os.getpid())
        os.execve(PZ, [PZ] + self.words, environment)

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 65536)
            return True
        return False

    def expect(self, text):
        """Wait until the text is on the screen; what came before it is forgotten."""
        end = time.time() + LIMIT
        text = text.encode()
        while text not in self.seen:
            if time.time() > end:
                self.fail("no %r, but %r" % (text, self.seen[-400:]))
            self.read(0.1)
        self.seen = self.seen.split(text, 1)[1]

    def type(self, keys):
        os.write(self.master, keys.encode())

    def fail(self, text):
        """What comes after a failure proves nothing, and takes long."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it has ended
        sys.exit("FAILED: %s: pz %s: %s" % (self.test, " ".join(self.words), text))

    def raw(self):
        return not termios.tcgetattr(self.slave)[3] & termios.ICANON

    def wait_raw(self, wanted):
        end = time.time() + LIMIT
        while self.raw() != wanted:
            if time.time() > end:
                self.fail("the terminal is not %s" % ("raw" if wanted else "as found"))
            self.read(0.02)

    def end(self):
        """The wait status, once it has ended; the terminal must be as it was found."""
        end = time.time() + LIMIT
        while True:
            pid, status = os.waitpid(self.leader, os.WNOHANG)
            if pid:
                break
            if time.time() > end:
                self.fail("does not end")
            self.read(0.05)
        while self.read(0.1):
            pass
        if termios.tcgetattr(self.slave) != self.before:
            self.fail("the terminal is not as it was found")
        os.close(self.master)
        os.close(self.slave)
        return status


def expect_status(session, wanted):
    status = session.end()
    if status != wanted:
        session.fail("wait status %d, not %d" % (status, wanted))


def keys():
    s = Session(["run"])
    s.expect("Ctrl-A ? for help")
    s.expect("[vm0]\033[0m $ ")
    s.wait_raw(True)
    s.type("echo from-zero\r")
    s.expect("[vm0]\033[0m from-zero")
    s.type("\x011")
    s.expect("keyboard is vm1's")
    s.type("echo from-one\r")
    s.expect("[vm1]\033[0m from-one")
    s.type("\x01n")
    s.expect("keyboard is vm0's")
    s.type("\x01p")
    s.expect("keyboard is vm1's")
    s.type("\x019")
    s.expect("keyboard is vm1's")
    s.type("\x01 ")
    s.expect("vm1 is paused")
    s.type("echo late\r\x01 ")
    s.expect("vm1 goes on")
    s.expect("[vm1]\033[0m late")
    s.type("\x01s")
    s.expect("what the monitor did")
    s.type("\x01m")
    s.expect("Who has page 0?")
    s.type("\x01?")
    s.expect("quit")
    s.type("\x01z")
    s.expect("no such command")
    s.type("cat\r")
    s.type("\x03")
    s.expect("^C")
    s.type("\x01x")
    expect_status(s, 0)


def shells_end():
    s = Session(["run"], NO_COLOR="1")
    s.expect("[vm0] $ ")
    s.type("exit\r")
    s.expect("vm0 has ended: shut down")
    s.expect("keyboard is vm1's")
    s.type("\x01m")  # what was vm0's is nobody's now
    s.expect("not mapped now")
    s.type("exit\r")
    expect_status(s, 0)


def alone(verb):
    s = Session([verb, "--vms", "1"] if verb == "run" else [verb])
    s.expect("\r\n$ ")
    start = time.time()
    s.type("sleep 1; echo awake\r")
    s.expect("awake")  # the echo of what was typed
    s.expect("awake")
    if time.time() - start < 0.5:
        s.fail("a guest's second is not a second")
    s.type("exit\r")
    expect_status(s, 0)


def unpaced():
    s = Session(["run", "--vms", "1", "--no-pace"])
    s.expect("$ ")
    s.type("sleep %d; echo awake\r" % (2 * LIMIT))
    s.expect("awake")
    s.expect("awake")  # paced, it would not come within the limit
    s.type("\x01q")
    expect_status(s, 0)


def signalled(number, crash=False):
    s = Session(["run"])
    s.expect("$ ")
    s.wait_raw(True)
    os.kill(s.pid, number)
    status = s.end()
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) != number:
            s.fail("ended by signal %d, not %d" % (os.WTERMSIG(status), number))
    elif not crash:
        s.fail("wait status %d, not signal %d" % (status, number))


def suspended():
    s = Session(["run"], job=True)
    s.expect("$ ")
    s.wait_raw(True)
    os.kill(s.pid, signal.SIGTSTP)
    s.wait_raw(False)
    os.kill(s.pid, signal.SIGCONT)
    s.wait_raw(True)
    s.type("echo back\r")
    s.expect("back")
    s.type("\x01x")
    expect_status(s, 0)


def hung_up():
    s = Session(["run"])
    s.expect("$ ")
    os.close(s.master)
    end = time.time() + LIMIT
    while not os.waitpid(s.leader, os.WNOHANG)[0]:
        if time.time() > end:
            s.fail("goes on without a terminal")
        time.sleep(0.05)
    os.close(s.slave)


def narrow():
    s = Session(["run"], TERM="dumb")
    fcntl.ioctl(s.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 20, 0, 0))
    s.expect("$ ")
    s.type("\x01s\x01m\x01?")
    s.expect("-- Ctrl-A, then:")
    s.type("\x01x")
    expect_status(s, 0)


keys()
shells_end()
alone("run")
alone("bare")
unpaced()
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
    signalled(number)
for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGILL):
    signalled(number, crash=True)
suspended()
hung_up()
narrow()
