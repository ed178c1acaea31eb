"""Create the peer's tables in an empty database.

PEER_DATABASE_URL=… PEER_SECRET=… python -m bench.peer.create
"""

from __future__ import annotations

import asyncio

from bench.peer.deps import engine
from bench.peer.models import Base


async def main() -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main())
