"""Which day it is for the people of a site. A day that somebody wrote down is a day where they work."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from django.conf import settings


def site_day(now: datetime.datetime) -> datetime.date:
    """The day of a moment in the site's time zone (`SITE_TIME_ZONE`). Raises `ValueError` for a time without a zone."""
    if now.tzinfo is None:
        raise ValueError("a moment without a zone is on no day")
    return now.astimezone(ZoneInfo(settings.SITE_TIME_ZONE)).date()
