"""Tasks are hints: named arguments, sent by the sweep, on a queue of their own."""

import inspect
import re

import pytest
from django.conf import settings

from riskreview.celery import app
from tests.house.source import PRODUCT


def ours():
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


@pytest.mark.parametrize("name", sorted(ours()))
def test_its_arguments_have_names_and_later_ones_do_no_harm(name):
    parameters = inspect.signature(ours()[name].run).parameters.values()
    kinds = {each.kind for each in parameters}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
    assert inspect.Parameter.VAR_KEYWORD in kinds, "a message of a newer version may carry more"


@pytest.mark.parametrize("name", sorted(ours()))
def test_somebody_sends_it(name):
    told = "\n".join(path.read_text(encoding="utf-8") for path in PRODUCT.rglob("tasks.py"))
    ticked = {tick["task"] for tick in settings.CELERY_BEAT_SCHEDULE.values()}
    assert name in ticked or re.search(rf"\b{name.rpartition('.')[2]}\.delay\(", told)


def test_only_tasks_publish():
    for path in PRODUCT.rglob("*.py"):
        if path.name != "tasks.py":
            assert not re.search(r"\.(delay|apply_async|send_task)\(", path.read_text(encoding="utf-8")), path


def test_every_route_and_tick_names_a_task():
    ticked = {tick["task"] for tick in settings.CELERY_BEAT_SCHEDULE.values()}
    assert ticked | set(settings.CELERY_TASK_ROUTES) == set(ours())


def test_a_task_lives_as_long_as_its_lease_at_most():
    limits = {name: task.time_limit or settings.CELERY_TASK_TIME_LIMIT for name, task in ours().items()}
    assert {name: limit for name, limit in limits.items() if limit > settings.RUN_SECONDS - 60} == {}
