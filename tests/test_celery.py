"""The connection a worker keeps from task to task."""

import pytest
from django.db import DatabaseError, connection

from riskreview.celery import Task


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
