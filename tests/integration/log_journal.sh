#!/bin/bash
# What the journal gets, at its own socket: in a mount namespace with a /run of its own, so that the
# machine's journal is not involved.
#
# usage: log_journal.sh LOG-LINES
set -u
[ "$(id -u)" = 0 ] || { echo "needs root, for a mount namespace"; exit 77; }
exec unshare --mount sh -c '
	mount -t tmpfs offduty-test /run && mkdir -p /run/systemd/journal && exec /usr/bin/python3 - "$1"
' sh "$1" <<'PYTHON'
import os, socket, subprocess, sys

journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
journal.bind("/run/systemd/journal/socket")
journal.settimeout(5)
stream, stderr = socket.socketpair()
stream.setblocking(False)
identity = "%d:%d" % (os.fstat(stderr.fileno()).st_dev, os.fstat(stderr.fileno()).st_ino)


def run(journal_stream):
    subprocess.run([sys.argv[1]], stderr=stderr, env={"JOURNAL_STREAM": journal_stream}, check=True)


run(identity)
assert journal.recv(4096) == b"MESSAGE=two lines\nPRIORITY=6\nSYSLOG_IDENTIFIER=log-lines\n"
assert journal.recv(4096) == (
    b"MESSAGE=event 1\nPRIORITY=4\nSYSLOG_IDENTIFIER=log-lines\n"
    b"MESSAGE_ID=0123456789abcdef0123456789abcdef\nOFFDUTY_RULE=night rest\nOFFDUTY_LINE=7\n")
try:
    raise SystemExit("also on standard error: %r" % stream.recv(4096))
except BlockingIOError:
    pass

# The variable is inherited by what has another standard error.
run("1:" + identity.split(":")[1])
journal.setblocking(False)
try:
    raise SystemExit("in the journal: %r" % journal.recv(4096))
except BlockingIOError:
    pass
assert stream.recv(4096) == b"log-lines: info: two lines\n" b"log-lines: warning: event 1\n"

# A journal that is away is no reason to fail, and its stream would lead nowhere either.
os.unlink("/run/systemd/journal/socket")
run(identity)
print("ok")
PYTHON
