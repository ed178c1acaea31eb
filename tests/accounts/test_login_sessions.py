from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangosOwn
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.login_sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_what_djangos_own_store_wrote_is_read_in_one_statement(django_assert_max_num_queries):
    written = DjangosOwn()
    written["place"] = "workspace"
    written.create()

    with django_assert_max_num_queries(1):
        assert SessionStore(written.session_key)["place"] == "workspace"


@pytest.mark.parametrize(
    "end",
    [
        lambda row: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
        lambda row: row.delete(),
    ],
    ids=["time", "row"],
)
def test_a_session_ends_with_its_time_and_with_its_row(client, owner, end):
    client.force_login(owner)
    assert client.get("/practice").status_code == 200

    end(Session.objects.get())

    assert client.get("/practice").status_code == 302


def test_nobody_chooses_the_key_of_a_session(client, owner):
    store = SessionStore("chosen-by-somebody-else")
    store["place"] = "anywhere"
    store.save()

    assert store.session_key != "chosen-by-somebody-else"
    assert not Session.objects.filter(session_key="chosen-by-somebody-else").exists()


@pytest.mark.django_db
def test_a_disabled_account_is_out_at_once(client, owner, api_for):
    client.force_login(owner)
    api = api_for(owner)
    assert client.get("/account").status_code == 200 == api.get("/api/auth/me").status_code

    type(owner).objects.filter(pk=owner.pk).update(is_active=False)

    assert client.get("/account").status_code == 302
    assert api.get("/api/auth/me").status_code == 401
