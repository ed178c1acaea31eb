"""What every test shares: real servers, no network, and the cast of owner, stranger and staff.

Fixtures that touch the database say so by asking for `db`; a test of real concurrency adds
`@pytest.mark.django_db(transaction=True)` and closes the connections of its own threads
(`tests.threads.run_together` does).
"""

import tests.services  # noqa: F401  isort: skip  - before anything that reads the settings

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from tests import NOW


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """A test that reaches beyond this machine fails, whatever library it goes through."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _loopback_only(getattr(socket.socket, name)))
    yield
    patch.undo()


def _loopback_only(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and not _is_loopback(str(address[0])):
            raise AssertionError(f"Tests may not reach the network: {address!r}")
        return original(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


#: What migrating fills, and what is to be there again after a test with transactions of its own.
FILLED = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """After a test with transactions of its own the tables are emptied row by row, and what migrating
    filled is copied back. Django's TRUNCATE makes new files for every table and index, filled or
    not, and its signal after it asks 160 statements for what never changes: a second a test."""
    from django.core.management.commands import flush
    from django.db import connection

    patch = pytest.MonkeyPatch()
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA filled")
            for table in FILLED:
                cursor.execute(f"CREATE TABLE filled.{table} AS TABLE {table}")
        patch.setattr(type(connection.ops), "sql_flush", _empty_all)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
    yield
    patch.undo()


def _empty_all(ops: Any, style: Any, tables: list[str], **_: Any) -> list[str]:
    deletes = [f"DELETE FROM {ops.quote_name(table)}" for table in tables]
    copies = [f"INSERT INTO {table} SELECT * FROM filled.{table}" for table in FILLED]  # noqa: S608
    # As a replica the server checks no foreign keys, so the order does not matter.
    return ["; ".join(["SET LOCAL session_replication_role = replica", *deletes, *copies])]


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Throttles, cached tokens and the cached bank never leak from one test into the next."""
    cache.clear()
    yield


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def owner(db: None) -> Any:
    """The learner whose things the test is about (free plan)."""
    from tests.factories import UserFactory

    return UserFactory(username="owner")


@pytest.fixture
def stranger(db: None) -> Any:
    """Another learner, who may see nothing of the owner's."""
    from tests.factories import UserFactory

    return UserFactory(username="stranger")


@pytest.fixture
def staff(db: None) -> Any:
    """Staff with all rights of the console."""
    from tests.factories import UserFactory

    return UserFactory(username="staff", admin=True)


@pytest.fixture
def api_for(db: None) -> Callable[[Any], APIClient]:
    """`api_for(user)`: an API client that carries a real Bearer token of that user."""
    from accounts.services.tokens import issue_token

    def client_of(user: Any) -> APIClient:
        _, text = issue_token(user=user, name="tests")
        client = APIClient(raise_request_exception=False)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
        return client

    return client_of


@pytest.fixture
def api(api_for: Callable[[Any], APIClient], owner: Any) -> APIClient:
    """The owner's API client."""
    return api_for(owner)


@pytest.fixture
def staff_api(api_for: Callable[[Any], APIClient], staff: Any) -> APIClient:
    """Staff with all rights of the console."""
    return api_for(staff)


@pytest.fixture
def powerless_api(db: None, api_for: Callable[[Any], APIClient]) -> APIClient:
    """Staff without any right of the console."""
    from tests.factories import UserFactory

    return api_for(UserFactory(staff=True))


@pytest.fixture
def anonymous_api() -> APIClient:
    return APIClient(raise_request_exception=False)
