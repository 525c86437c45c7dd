"""What makes a method a verb: lock the row, guard, act, save, add one entry; all of it or none of it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

from django.db import models, transaction

from .entries import Entry, trusted
from .recorded import Recorded
from .refusals import Guard, NotAllowed, NotNow, Refusal
from .state import State, key, subject_type
from .writing import Moment

P = ParamSpec("P")
S = TypeVar("S", bound=Recorded)
Q = TypeVar("Q", bound="models.QuerySet[Any]")
R = TypeVar("R", covariant=True)
# What a guard may ask of a person, read again under the row's lock: a role revoked a moment ago opens nothing.
TRUST = ("roles", "is_active")


class Unchanged(Exception):
    """The act would change nothing: what the method touched is rolled back. Never leaves this module."""


class Bound(Protocol[P, R]):
    """A verb on one row. Without `seen` the arguments are checked; with it the caller speaks for a form or a client."""

    sources: tuple[str, ...]

    @overload
    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R: ...
    @overload
    def __call__(self, *, seen: int | None, **arguments: Any) -> R: ...


class Verb(Protocol[S, P, R]):
    """A method that is a verb."""

    __name__: str
    guard: Guard | None
    sources: tuple[str, ...]
    target: str | None

    @overload
    def __get__(self, row: None, owner: type[S]) -> Verb[S, P, R]: ...
    @overload
    def __get__(self, row: S, owner: type[S]) -> Bound[P, R]: ...


def recorded(
    *,
    who: Guard,
    also: Sequence[str] = (),
    omit: Sequence[str] = (),
    sources: Sequence[str] = (),
    to: str | None = None,
    when: Callable[[Any], bool] | None = None,
    meaning: str | None = None,
    silent: bool = False,
    changing: bool = False,
) -> Callable[[Callable[Concatenate[S, P], R]], Verb[S, P, R]]:
    """Make a method a verb.

    `who` is the guard; `also` names arguments or attributes whose rows are locked with this one, in the order
    (type, id); `omit` names arguments that never reach the entry (passwords); `sources` and `to` are the states it
    leads from and to, the latter only once `when` holds of the row; `meaning` is what the act means as a signature
    (21 CFR 11.50: submitted, approved, …); `silent` leaves the old and new values out of the entry: to forget them is
    the act. With `changing`, an act after which the row says what it said before is undone: no entry, None made."""

    def decorate(method: Callable[Concatenate[S, P], R]) -> Verb[S, P, R]:
        signature = inspect.signature(method)
        name = method.__name__

        @functools.wraps(method)
        def verb(self: Any, *, by: Any, seen: int | None = None, **arguments: Any) -> Any:
            arguments = complete(signature, self, by, arguments)
            with named(self, name), suppress(Unchanged), transaction.atomic(), only_once(self, name):
                lock_in_order(self, seen, [arguments.get(each) or getattr(self, each) for each in also])
                moment = trusted(by, TRUST)
                permit(self, by, name, who, sources)
                before = self.full_state()
                made = method(self, by=by, **arguments)  # type: ignore[call-arg]
                arrive(self, to if when is None or when(self) else None, before if changing else None)
                self.entry_seq += 1
                self.save()
                act = Act(by, verb_name(self, name), moment, None if silent else before, meaning, *hand(arguments))
                act.enter(self, without(omit, arguments))
                return made
            return None

        know(verb, who, sources, to)
        return cast("Verb[S, P, R]", verb)

    return decorate


def recorded_factory(
    *, who: Guard, omit: Sequence[str] = ()
) -> Callable[[Callable[Concatenate[Q, P], R]], Callable[Concatenate[Q, P], R]]:
    """Make a queryset method the verb that brings a row into being: it returns one new row, and this saves it.

    A method that must save the row itself (to set many-to-many rows) may: the row is then saved once more, with its
    first sequence number.
    """

    def decorate(method: Callable[Concatenate[Q, P], R]) -> Callable[Concatenate[Q, P], R]:
        signature = inspect.signature(method)
        name = method.__name__

        @functools.wraps(method)
        def verb(self: Any, *, by: Any, **arguments: Any) -> Any:
            arguments = complete(signature, self, by, arguments)
            with transaction.atomic():
                moment = trusted(by, TRUST)
                if not who(None, by):
                    raise NotAllowed(said_by(who, name, self.model))
                row: Any = method(self, by=by, **arguments)  # type: ignore[call-arg]
                row.entry_seq = 1
                row.save()
                Act(by, verb_name(row, name), moment, {}).enter(row, without(omit, arguments))
            return row

        know(verb, who)
        return cast("Callable[Concatenate[Q, P], R]", verb)

    return decorate


def know(verb: Any, who: Guard, sources: Sequence[str] = (), to: str | None = None) -> None:
    """Let buttons, answers and the pages of the workflow read from a verb what it asks for."""
    verb.is_verb, verb.guard, verb.sources, verb.target = True, who, tuple(sources), to


@contextmanager
def named(row: Any, name: str) -> Iterator[None]:
    """A refusal from inside knows which verb on which row it answers; an inner verb's keeps its own."""
    try:
        yield
    except Refusal as refusal:
        raise (refusal if refusal.verb else refusal.about(verb_name(row, name), row)) from refusal.__cause__


@dataclass(frozen=True, slots=True)
class Act:
    """What is known of an act before it is entered: who, which, when, and what the row said before."""

    by: Any
    verb: str
    moment: Moment
    before: State | None
    meaning: str | None = None
    behalf: str | None = None
    strength: str | None = None

    def enter(self, row: Recorded, arguments: dict[str, Any]) -> None:
        """Write the entry about the row as it is now."""
        Entry.objects.add(
            self.by,
            self.verb,
            row,
            moment=self.moment,
            arguments=arguments,
            before=self.before,
            meaning=self.meaning,
            behalf=self.behalf,
            strength=self.strength,
        )


def complete(signature: inspect.Signature, owner: Any, by: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with their defaults, so that every face leaves the same entry. Raises `TypeError` for a wrong one,
    before anything is locked."""
    bound = signature.bind(owner, by=by, **arguments)
    bound.apply_defaults()
    return {name: value for name, value in list(bound.arguments.items())[1:] if name != "by"}


def hand(arguments: dict[str, Any]) -> tuple[str | None, str | None]:
    """Whom the actor stood in for, and how they proved again who they are, for the header of the entry.

    Two names of arguments mean this in every verb: `on_behalf_of`, and `confirmed`, which has a `strength`.
    """
    stood_in_for, confirmed = arguments.get("on_behalf_of"), arguments.get("confirmed")
    return str(stood_in_for.pk) if stood_in_for else None, getattr(confirmed, "strength", None)


def arrive(row: Any, to: str | None, before: State | None) -> None:
    """Put the row into the state a verb leads to. Raises `Unchanged` if it then says what it said before, if given."""
    if to is not None:
        row.status = to
    if before is not None and row.full_state() == before:
        raise Unchanged


def without(omit: Sequence[str], arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments that an entry may tell."""
    return {name: value for name, value in arguments.items() if name not in omit}


def verb_name(row: models.Model, name: str) -> str:
    """One word per act: `case.submit` in entries, webhooks and the API."""
    return f"{subject_type(row)}.{name}"


def words(name: str) -> str:
    """A method's name as a person would say it."""
    return name.replace("_", " ")


def permit(row: Any, by: Any, name: str, who: Guard, sources: Sequence[str]) -> None:
    """Raise `NotNow` in the wrong state and `NotAllowed` for the wrong person."""
    noun = words(subject_type(row))
    if sources and row.status not in sources:
        state = row.get_status_display().lower()
        raise NotNow(f"This {noun} is {state}, and in that state “{words(name)}” is not open to anyone.")
    if not who(row, by):
        raise NotAllowed(said_by(who, name, row))


def said_by(who: Guard, name: str, row: models.Model | type[models.Model]) -> str:
    """The sentence a guard refuses with."""
    return str(getattr(who, "refusal", f"You may not {words(name)} this {words(subject_type(row))}."))


def lock_in_order(row: Recorded, seen: int | None, others: Sequence[Recorded]) -> None:
    """Lock several rows in one global order, so that no two verbs wait for each other in a circle."""
    for each in sorted([row, *others], key=lambda locked: (subject_type(locked), str(locked.pk))):
        each.lock(seen=seen if each is row else None)


_busy: ContextVar[frozenset[str]] = ContextVar("rows with a verb in progress", default=frozenset())


@contextmanager
def only_once(row: Recorded, name: str) -> Iterator[None]:
    """Refuse a verb on a row inside another verb on it: the inner re-read would lose the outer edits."""
    if key(row) in _busy.get():
        raise RuntimeError(f"{key(row)}: {name} was called inside another verb of the same row")
    token = _busy.set(_busy.get() | {key(row)})
    try:
        yield
    finally:
        _busy.reset(token)
