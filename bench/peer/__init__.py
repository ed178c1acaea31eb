"""The peer: the interview document's own stack (FastAPI, SQLAlchemy 2 async, asyncpg, uvicorn),
written for these measurements alone. Etude never imports it.

    PEER_DATABASE_URL=postgresql+asyncpg://… uvicorn bench.peer.app:app --workers 2
"""
