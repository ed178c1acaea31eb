import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import ApiToken
from tests.factories import UserFactory
from tests.services import on_sqlite

pytestmark = pytest.mark.django_db
PASSWORD = "secret-pass-1"


@pytest.fixture(autouse=True)
def fresh_throttle():
    cache.clear()


def sign_in(**body):
    return APIClient().post("/api/auth/token", body, format="json")


def bearer(token):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_a_token_is_given_for_name_and_password():
    user = UserFactory()

    answer = sign_in(username=user.username, password=PASSWORD)

    assert answer.status_code == 200
    assert set(answer.json()) == {"token", "token_type", "expires_at"}
    assert answer.json()["token_type"] == "Bearer"


def test_the_name_may_be_the_email_in_any_case():
    user = UserFactory()

    assert sign_in(username=user.email.upper(), password=PASSWORD).status_code == 200


@pytest.mark.skipif(on_sqlite(), reason="PostgreSQL's planner")
def test_a_sign_in_by_email_reads_an_index_and_not_everybody():
    UserFactory(email="ana@example.com")
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        sign_in(username="Ana@Example.com", password=PASSWORD)
        asked = [q["sql"] for q in captured.captured_queries if "_key" in q["sql"]]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked[0]}")
        plan = " ".join(line for (line,) in cursor.fetchall())

    assert "Index" in plan and "Seq Scan" not in plan, plan


@pytest.mark.skipif(on_sqlite(), reason="PostgreSQL's planner")
@pytest.mark.parametrize("name", ["nobody", "nobody@example.com"])
def test_who_does_not_exist_is_looked_for_in_indexes_too(name):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        sign_in(username=name, password=PASSWORD)
        asked = [q["sql"] for q in captured.captured_queries if 'FROM "accounts_user"' in q["sql"]]
        cursor.execute("SET LOCAL enable_seqscan = off")
        for statement in asked:
            cursor.execute(f"EXPLAIN {statement}")
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
    assert asked


def test_the_token_opens_me_and_is_stored_hashed():
    user = UserFactory(plan="premium")
    token = sign_in(username=user.username, password=PASSWORD).json()["token"]

    me = bearer(token).get("/api/auth/me").json()

    assert me["user_id"] == user.pk
    assert me["plan"] == "premium"
    assert me["email"] == user.email
    assert me["is_staff"] is False
    assert not ApiToken.objects.filter(digest__contains=token).exists()


def test_wrong_credentials_are_401_in_the_contracts_shape():
    user = UserFactory()

    answer = sign_in(username=user.username, password="wrong")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert set(answer.json()) == {"error", "code", "fields"}


def test_a_revoked_token_opens_nothing():
    user = UserFactory()
    token = sign_in(username=user.username, password=PASSWORD).json()["token"]

    assert bearer(token).delete("/api/auth/token").status_code == 204
    assert bearer(token).get("/api/auth/me").status_code == 401


def test_an_expired_token_is_401():
    user = UserFactory()
    token = sign_in(username=user.username, password=PASSWORD).json()["token"]
    ApiToken.objects.update(expiry="2020-01-01T00:00:00Z")

    assert bearer(token).get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer \xff\xfe", "Bearer " + "x" * 999]
)
def test_a_broken_authorization_header_is_401(header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    assert client.get("/api/auth/me").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": 1, "password": 2},
        {"username": "a"},
        [],
        "text",
        {"username": "\x00", "password": "x"},
    ],
)
def test_bad_bodies_are_400_with_fields(body):
    answer = APIClient().post("/api/auth/token", body, format="json")

    assert answer.status_code == 400
    assert answer.json()["fields"]


def test_an_anonymous_request_is_401_with_www_authenticate():
    answer = APIClient().get("/api/auth/me")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
