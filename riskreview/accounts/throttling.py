"""How often a password may be wrong, and a calendar read, before somebody has to wait.

A password is counted by account and address together, so that a stranger who guesses slows down themselves and not
the owner, who comes from elsewhere; and by address alone, so that nobody tries one password on every account. A
browser in which the account signed in before is counted by itself: whatever others do behind its address, it is let in.
"""

from __future__ import annotations

import datetime
import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from riskreview.audit.models import Entry
from riskreview.lib.addresses import counted_as

from . import browsers
from .models import Attempt, User

if TYPE_CHECKING:
    from .models import CalendarFeed
    from .models.attempt import Refused

log = logging.getLogger(__name__)
HOUR = datetime.timedelta(hours=1)


class TooOften(Exception):
    """It was tried too often. `wait` says for how long nothing is looked at; the message tells it in words."""

    def __init__(self, what: str, wait: datetime.timedelta) -> None:
        self.wait = max(1, -int(-wait.total_seconds() // 1))
        super().__init__(f"{what} Try again in {spoken(self.wait)}.")


def spoken(seconds: int) -> str:
    """ "12 minutes", rounded up; "40 seconds" below one."""
    n, unit = (seconds, "second") if seconds < 60 else (-(-seconds // 60), "minute")
    return f"{n} {unit}{'' if n == 1 else 's'}"


def before_sign_in(email: str, address: str, now: datetime.datetime, *, browser: str = "") -> None:
    """Count a try to sign in, before the password is looked at. `browser` is what the browser was given when somebody
    signed in with it. Raises `TooOften`."""
    account = User.objects.people().filter(email__iexact=email).first()
    if own := browsers.of_account(browser, account):
        refused = take("browser", own, most=settings.SIGN_IN_TRIES, now=now)
    else:
        refused = take_from(counted_as(address), account, email, now)
    if refused is not None:
        if refused.is_first:
            put_on_record(account)
        raise TooOften("Too many failed attempts.", refused.wait)


def take_from(place: str, account: User | None, email: str, now: datetime.datetime) -> Refused | None:
    """Count a try from a place: of the account that the database finds, whatever its spelling, or else of the name."""
    named = ("account", str(account.pk)) if account else ("name", email.casefold())
    refused = take("sign-in", *named, place, most=settings.SIGN_IN_TRIES, now=now)
    if refused is None and place:
        refused = take("address", place, most=settings.SIGN_IN_TRIES_PER_ADDRESS, now=now)
    return refused


def after_sign_in(user: User, address: str, *, browser: str = "") -> None:
    """Forget the tries before: the password was right."""
    if own := browsers.of_account(browser, user):
        Attempt.objects.forget(key_of("browser", own))
        return
    place = counted_as(address)
    Attempt.objects.forget(key_of("sign-in", "account", str(user.pk), place))
    Attempt.objects.give_back(key_of("address", place))


def before_confirming(user: User, now: datetime.datetime) -> None:
    """Count a password given at signing, before it is looked at; by account alone, as whoever gives it has come in.

    Raises `TooOften`.
    """
    if refused := take("confirm", str(user.pk), most=settings.SIGN_IN_TRIES, now=now):
        raise TooOften("Too many wrong passwords.", refused.wait)


def after_confirming(user: User) -> None:
    """Forget the tries before: the password was right."""
    Attempt.objects.forget(key_of("confirm", str(user.pk)))


def before_calendar(feed: CalendarFeed | None, address: str, now: datetime.datetime) -> None:
    """Count a look at a calendar: of this feed, or from this address where the secret opens none. Raises `TooOften`."""
    named = ("feed", str(feed.pk)) if feed else ("no-feed", counted_as(address))
    if refused := take(*named, most=settings.CALENDAR_READS_PER_HOUR, now=now, window=HOUR):
        raise TooOften("This calendar was read too often.", refused.wait)


def take(*named: str, most: int, now: datetime.datetime, window: datetime.timedelta | None = None) -> Refused | None:
    """Count one try under these names; None while there are not too many."""
    wait = window or datetime.timedelta(seconds=settings.SIGN_IN_WAIT_SECONDS)
    found: Refused | None = Attempt.objects.take(key_of(*named), most=most, window=wait, now=now)
    return found


def key_of(*named: str) -> str:
    """The digest under which tries are counted; without the secret key nobody finds the names again."""
    return salted_hmac("riskreview.accounts.throttling", "\n".join(named), algorithm="sha256").hexdigest()


def put_on_record(account: User | None) -> None:
    """One refusal for each time that somebody is slowed down, about the account that was tried, if there is one."""
    if account is None:
        log.warning("Too many failed attempts to sign in, the last of them to no account.")
        return
    Entry.objects.refuse(User.objects.system(), "user.sign_in", account, "Too many failed attempts to sign in.")
