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
