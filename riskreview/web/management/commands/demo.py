"""`manage.py demo`: tell the story of January 2025 in this database, with the workers running."""

from __future__ import annotations

import argparse
import datetime
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from riskreview.audit.channel import Channel, acting_through
from riskreview.web.demo import people, story
from riskreview.web.demo.desk import Desk, Unfinished


class Command(BaseCommand):
    """Tell the story once; a second time it only says that it was told."""

    help = "Tell the demonstration story. The workers and the newsroom must be running (script/demo starts them)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Where the newsroom and the pages are, and how long to wait for the workers."""
        parser.add_argument("--newsroom", required=True, metavar="URL")
        parser.add_argument("--web", required=True, metavar="URL")
        parser.add_argument("--patience", type=float, default=120.0, metavar="SECONDS")

    def handle(self, *, newsroom: str, web: str, patience: float, **_: Any) -> None:
        """Tell it, a line per step with seconds; the first page is named once there is somebody to sign in."""
        self.begun = time.monotonic()
        cast = people.enter()
        self.tell(f"first page at {web}: sign in as {cast.alice.email}, password {people.PASSWORD}")
        desk = Desk(cast, newsroom, datetime.datetime.now(datetime.UTC), self.tell, patience)
        try:
            if story.told():
                self.tell("the story was told here before; nothing was changed")
                return
            with acting_through(Channel(via="command")):
                story.tell(desk)
        except Unfinished as error:
            raise CommandError(f"The story could not be finished: {error}.") from error

    def tell(self, line: str) -> None:
        """One step done."""
        self.stdout.write(f"{time.monotonic() - self.begun:6.1f} s  {line}")
        self.stdout.flush()
