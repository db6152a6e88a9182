# SPDX-License-Identifier: GPL-2.0-or-later
"""What a command prints at a terminal of a given width."""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

END = b"\0"


def shown(columns, words):
    """The text, with the terminal's line ends made plain. A failure of the command ends the test.

    The terminal stays open here until a mark printed after the command has come through: when
    its last user closes it, the kernel may say so before it hands over the last bytes.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    script = '"$@"; code=$?; printf "\\0"; exit $code'
    child = subprocess.Popen(
        ["sh", "-c", script, "sh", *words], stdin=theirs, stdout=theirs, stderr=theirs
    )
    text = b""
    while END not in text:
        text += os.read(ours, 65536)
    os.close(ours)
    os.close(theirs)
    if child.wait():
        sys.exit(f"{words}: exit code {child.returncode}")
    return text.split(END)[0].decode().replace("\r\n", "\n")
