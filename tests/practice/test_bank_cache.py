import pytest
from django.core.management import call_command

from practice import bank_cache
from practice.models import Question, QuestionMain
from tests.practice.factories import make_set

pytestmark = pytest.mark.django_db


def title(api, row):
    return api.get(f"/api/v1/question-mains/{row.pk}").json()["questions"][0]["title"]


def test_a_set_is_read_once_for_everyone(api, django_assert_max_num_queries):
    row = make_set(2)
    first = bank_cache.detail(row, revealed=False)

    with django_assert_max_num_queries(0):
        assert bank_cache.detail(row, revealed=False) == first
        revealed = bank_cache.detail(row, revealed=True)

    assert first["sample_writeup"] is None
    assert revealed["sample_writeup"] == row.sample_writeup


@pytest.mark.django_db(transaction=True)
def test_a_load_renews_what_is_read(api):
    call_command("load_question_bank")
    row = QuestionMain.objects.filter(kind="design").first()
    right = title(api, row)
    Question.objects.filter(question_main=row).update(title="Changed behind our back")
    assert title(api, row) == right

    bank_cache.renew()

    assert title(api, row) == "Changed behind our back"
    call_command("load_question_bank", take="theirs")
    assert title(api, row) == right


def test_warming_reads_every_set_and_never_raises(django_assert_max_num_queries):
    rows = [make_set(1), make_set(1)]

    assert bank_cache.warm() == 2
    with django_assert_max_num_queries(0):
        assert [bank_cache.detail(row, revealed=False)["id"] for row in rows]
