"""The connection a worker keeps from task to task."""

import pytest
from django.db import DatabaseError, connection

from riskreview.audit.channel import current
from riskreview.celery import Task, app


def before_a_task():
    Task().before_start("1", (), {})


@pytest.mark.django_db(transaction=True)
def test_a_connection_is_kept_from_task_to_task():
    connection.ensure_connection()
    kept = connection.connection
    before_a_task()
    assert connection.connection is kept


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_is_left_for_a_new_one():
    connection.ensure_connection()
    connection.connection.close()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    before_a_task()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_a_mistake_in_a_statement_costs_no_connection():
    connection.ensure_connection()
    kept = connection.connection
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    before_a_task()
    assert connection.connection is kept


class Telling(Task):
    name = "tests.telling"

    def run(self, *args, **kwargs):
        return current(), args


@pytest.mark.parametrize("message", [None, "6ba7b810-9dad-41d1-80b4-00c04fd430c8"])
def test_what_a_task_does_came_in_by_that_task(message):
    Telling.bind(app)
    task = Telling()
    task.push_request(id=message)
    road, given = task(7)
    assert (road.via, str(road.request or "") or None, given) == ("task", message, (7,))
    assert current().via == "shell"
