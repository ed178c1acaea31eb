"""The basics of the browser tests: a page opens, and a worker runs beside it."""

from playwright.sync_api import expect

from tests.browser.waiting import wait_for


def test_a_visitor_can_open_the_api_docs(page, live_server):
    page.goto("/api/docs")

    expect(page.get_by_text("Etude API").first).to_be_visible()


def test_the_worker_takes_tasks_from_both_queues(worker):
    from celery.signals import task_postrun

    from config.celery import app

    done = []
    task_postrun.connect(lambda task, **_: done.append(task.request.delivery_info), weak=False)

    for queue in ("default", "evaluation"):
        app.send_task("common.forget_old_keys", queue=queue)

    wait_for(lambda: len(done) == 2, seconds=30)
