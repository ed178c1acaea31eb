"""Looking at processes from outside."""

import subprocess
import time
from pathlib import Path


def wait_until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def gone(pid):
    """Ended; a zombie that nobody has asked about yet counts as ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rsplit(")", 1)[1].split()[0] == "Z"


def children_of(pid):
    command = ["ps", "-o", "pid=", "--ppid", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [int(child) for child in done.stdout.split()]


def descendants_of(pid):
    found = children_of(pid)
    return found + [deeper for child in found for deeper in descendants_of(child)]
