"""What was perhaps meant: a word that nothing has, and the most similar one that something has."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import QuerySet

from riskreview.accounts.models import User
from riskreview.evidence.models import SearchText, Term, Vocabulary
from riskreview.evidence.searching import of_part
from riskreview.lib.asking import Part, Question
from riskreview.vendors.models import Alias, Vendor

from .models import Case

LIKE = 0.4  # share of the trigrams of two words that both have
SHORTEST = 4  # letters
WORDS_TRIED = 3
SHOWN = 5


def did_you_mean(question: Question, user: User) -> str:
    """The question with the words that nothing has replaced by similar ones; empty when there are none."""
    text = question.text
    tried = [part for part in question.plain if len(part.words) >= SHORTEST and not part.text.endswith("*")]
    for part in tried[:WORDS_TRIED]:
        unknown = not SearchText.objects.visible_to(user).filter(words=of_part(part, spelled=False)).exists()
        if unknown and (meant := nearest(part)):
            text = re.sub(rf"(?<!\w){re.escape(part.text)}(?!\w)", lambda _: meant, text)
    return "" if text == question.text else text


def nearest(part: Part) -> str:
    """The name, or else the word of the archive, that is most like a word; empty when none is."""
    names = like(Alias.objects.all(), "text", part.words).order_by("-likeness", "pk").values_list("text", "likeness")
    newest = Vocabulary.objects.newest()
    terms = like(Term.objects.filter(vocabulary=newest), "term", part.words).order_by("-likeness", "-df", "pk")
    found = [*names[:1], *terms.values_list("term", "likeness")[:1]]
    best, _ = max(found, key=lambda each: each[1], default=("", 0))
    return "" if best.casefold() == part.words else best


def like(rows: Any, column: str, text: str) -> Any:
    """The rows whose column is like a text, with their likeness from 0 to 1."""
    alike = rows.filter(**{f"{column}__trigram_similar": text}).annotate(likeness=TrigramSimilarity(column, text))
    return alike.filter(likeness__gte=LIKE)


def rows_alike(kind: str, question: Question, user: User) -> QuerySet[Any] | None:
    """Vendors or cases with a name like what was asked; None for other kinds, and for questions in more than words."""
    if question.narrows or question.unwanted or len(question.text) < SHORTEST or not question.wanted:
        return None
    alike: QuerySet[Any] | None = None
    if kind == "vendor":
        named = like(Alias.objects.all(), "text", question.text).values("vendor")
        alike = Vendor.objects.visible_to(user).filter(pk__in=named).order_by("canonical_name", "pk")[:SHOWN]
    elif kind == "case":
        titled = Case.objects.visible_to(user).filter(title__trigram_word_similar=question.text)
        alike = titled.order_by("-asked_on", "-pk")[:SHOWN]
    return alike
