"""Running nst, and saying what a run depends on."""

import hashlib
import os
import subprocess
import time


class Failed(Exception):
    """One line for the user."""


_digests = {}


def digest_of_file(path):
    """SHA-256 of a file, read once as long as it stays as it is."""
    state = os.stat(path)
    key = (os.path.realpath(path), state.st_size, state.st_mtime_ns)
    if key not in _digests:
        value = hashlib.sha256()
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                value.update(block)
        _digests[key] = value.hexdigest()
    return _digests[key]


def digest_of_command(words):
    """Of a command whose words may name files or models: what counts of those is their content."""
    parts = []
    for i, word in enumerate(words):
        if os.path.isfile(word):
            word = digest_of_file(word)
        elif i > 0 and words[i - 1] in ("-w", "--weights"):
            word += digest_of_model(words[0], word)
        parts.append(word)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def digest_of_model(program, name):
    """Of what that program knows by that name."""
    key = (digest_of_file(program), name)
    if key not in _digests:
        _digests[key] = hashlib.sha256(run([program, "weights", "info", name])[0]).hexdigest()
    return _digests[key]


def environment():
    """A user's settings would make the same command mean something else."""
    return dict(os.environ, XDG_CONFIG_HOME="/nonexistent")


def run(words):
    """-> standard output, wall seconds, CPU seconds."""
    begin = time.monotonic()
    try:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   env=environment())
    except OSError as error:
        raise Failed(f"{words[0]}: {error.strerror}; expected a program nst") from error
    output = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        # nst has said why on standard error.
        raise Failed(f"status {process.returncode} of: {' '.join(words)}")
    return output, time.monotonic() - begin, usage.ru_utime + usage.ru_stime
