"""A database session for each request, and who asks: JWT decoded, user fetched, every time."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

import jwt
from fastapi import Cookie, Depends, Header, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.peer.models import Candidate, User

SECRET = os.environ["PEER_SECRET"]
engine = create_async_engine(
    os.environ["PEER_DATABASE_URL"],
    pool_size=int(os.environ.get("PEER_POOL", "20")),
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def database() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database)]


def subject_of(token: str) -> str:
    try:
        return str(jwt.decode(token, SECRET, algorithms=["HS256"])["sub"])
    except (jwt.PyJWTError, KeyError) as error:
        raise HTTPException(401, "Invalid token") from error


def bearer(authorization: Annotated[str, Header()] = "") -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "Not authenticated")
    return subject_of(token)


async def candidate(db: Database, subject: Annotated[str, Depends(bearer)]) -> Candidate:
    found = await db.get(Candidate, uuid.UUID(subject))
    if found is None:
        raise HTTPException(401, "Invalid token")
    return found


async def user(db: Database, subject: Annotated[str, Depends(bearer)]) -> User:
    return await _active(db, subject)


async def page_user(db: Database, peer_session: Annotated[str, Cookie()] = "") -> User:
    return await _active(db, subject_of(peer_session))


async def _active(db: AsyncSession, subject: str) -> User:
    found = await db.get(User, int(subject))
    if found is None or not found.is_active:
        raise HTTPException(401, "Invalid token")
    return found


def now() -> datetime:
    return datetime.now(UTC)


OfCandidate = Annotated[Candidate, Depends(candidate)]
OfUser = Annotated[User, Depends(user)]
OfPage = Annotated[User, Depends(page_user)]
