"""The command line of the heartbeats service.

python -m config.launcher.heartbeats    # becomes granian on HOST:PORT
"""

from __future__ import annotations

from config.launcher.web import become, granian_command


def heartbeats_command(host: str, port: int) -> list[str]:
    """Many threads: a beat waits in its thread for the batch that it shares, at no cost; the more
    beats wait, the more share a statement."""
    from config.env import env

    threads = env.int("HEARTBEAT_THREADS", 64)
    return granian_command(
        host, port, application="config.wsgi_heartbeats:application", threads=threads
    )


if __name__ == "__main__":
    become(heartbeats_command, needs_postgresql=True)
