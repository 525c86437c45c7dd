"""The Celery application. Messages are hints: the rows in PostgreSQL are the queue."""

import os
import uuid
from typing import Any

import celery
from django.db import connection

from riskreview.audit.channel import Channel, acting_through

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskreview.settings")


class Task(celery.Task[Any, Any]):
    """A task that finds the connection its process had before, a broken one is left for a new one; and whose acts say
    that they came in by a task, and by which."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it. Not by the inherited call, which would hide the message's own request behind an empty one."""
        message = self.request.id
        with acting_through(Channel(via="task", request=uuid.UUID(message) if message else None)):
            return self.run(*args, **kwargs)

    def before_start(self, task_id: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Celery keeps the connection from task to task (CELERY_DB_REUSE_MAX) and does not look at it."""
        if connection.connection is not None and connection.errors_occurred and not connection.in_atomic_block:
            if not connection.is_usable():
                connection.close()
            connection.errors_occurred = False


app = celery.Celery("riskreview", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
