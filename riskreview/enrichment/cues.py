"""One verb in its sentence: what stands beside it, and whether it can attribute at all. Pure."""

from collections.abc import Sequence

from riskreview.enrichment import phrases
from riskreview.enrichment import wording as w
from riskreview.enrichment.contents import Said, kind_of
from riskreview.enrichment.said import Span
from riskreview.enrichment.tokens import QUOTE, Token, Unit

SEARCHED = 14
_NEGATIONS = frozenset({"not", "never", "nor", "neither", "hardly", "without"})
IT_IS = frozenset({"it's", "that's"})


class Cue:
    """The verb at the token `place` of a sentence.

    `before` is the token before it and its adverbs (-1 for none), `left` the word there, "" for none.
    """

    __slots__ = ("before", "left", "place", "token", "tokens", "unit", "verb")

    def __init__(self, unit: Unit, place: int, verb: w.Verb) -> None:
        self.unit, self.place, self.verb = unit, place, verb
        self.tokens: Sequence[Token] = unit.tokens
        self.token = self.tokens[place]
        self.before = skipping_adverbs(self.tokens, place)
        self.left = self.tokens[self.before].word if self.before >= 0 else ""

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return self.token.start, self.token.end

    def word(self, place: int) -> str:
        """The word at a token, "" beyond the ends."""
        return self.tokens[place].word if 0 <= place < len(self.tokens) else ""

    @property
    def is_passive(self) -> bool:
        """Whether something is said of its subject rather than by it."""
        return self.verb.form == "PAST" and (self.left in w.BE or self.left in IT_IS or self._is_reduced)

    @property
    def _is_reduced(self) -> bool:
        """ "A model said to need fewer chips"; not "she said to wait", "Roe said to reporters"."""
        if self.verb.lemma not in w.REDUCED or self.word(self.place + 1) != "to" or self._is_addressee(self.place + 2):
            return False
        return self.left[:1].isalnum() and self.left not in w.PRONOUNS | w.BOUNDARIES | w.AUXILIARIES

    @property
    def is_none(self) -> bool:
        """Whether it is a noun, an infinitive, or denied: "did not say"."""
        if self.left in _NEGATIONS or self._is_infinitive or (self.place and self.token.form[0].isupper()):
            return True  # "did not say", "to say", "United States"
        if self.left == "to":
            return False
        if self.left in w.ALSO_SUBJECTS:
            return self.verb.is_also_noun
        articled = self.left in w.DETERMINERS or self.left in w.POSSESSIVE or self.left.endswith(("'s", "s'"))
        if articled or self.left in w.PREPOSITIONS:
            return self.verb.form != "PARTICIPLE" or articled
        return False

    @property
    def _is_infinitive(self) -> bool:
        if self.verb.form != "BASE" or self.left not in w.BEFORE_INFINITIVE:
            return False
        return self.left != "to" or self.word(self.before - 1) not in w.BEFORE_TO_SAY

    @property
    def hands_on(self) -> bool:
        """Whether "that" or a colon follows: then what is said follows too."""
        return self.past_that(self.place + 1) is not None or self.word(self.place + 1) == ":"

    def past_that(self, first: int) -> int | None:
        """Past the "that" behind the verb and behind whom, when and where it was said."""
        for place in range(first, min(len(self.tokens), first + SEARCHED)):
            token = self.tokens[place]
            if token.word == "that" and self.word(place - 1) in w.PREPOSITIONS:
                continue  # "pointed to that passage"
            if token.word == "that":
                if place > first and phrases.is_clause(self.tokens, place + 1, place + 2):
                    return None  # "in a post that has been edited"
                return place + 2 if self.word(place + 1) == "," else place + 1
            if place == first and token.word == ",":
                return self._past_aside(place)
            if place == first and not (self.adds(token) or phrases.is_adverb(token)):
                return None
            if token.word in w.AUXILIARIES or token.word in (";", ":", "and", "but", "which", "who"):
                return None
            if token.word == "," and self.word(place + 1) in w.VERBS:
                return None
            if token.word == "to" and not self._is_addressee(place + 1):
                return None
        return None

    def _is_addressee(self, place: int) -> bool:
        if place >= len(self.tokens):
            return False
        token = self.tokens[place]
        return token.is_name or token.word in w.DETERMINERS | w.POSSESSIVE | w.ADDRESSEES | w.PRONOUNS

    def _past_aside(self, comma: int) -> int | None:
        """Past ", most loudly in Washington, that"."""
        for place in range(comma + 2, min(len(self.tokens) - 1, comma + SEARCHED)):
            if self.word(place) == ",":
                return place + 2 if self.word(place + 1) == "that" else None
        return None

    def adds(self, token: Token) -> bool:
        """Whether a time, a place or somebody addressed begins there."""
        word = token.word
        named = token.is_name or word in w.ADDRESSEES or word in w.DETERMINERS
        return (
            word in w.PREPOSITIONS or word in w.TIME or word in ("when", "while") or (self.verb.is_addressed and named)
        )

    def quotes_soon(self) -> bool:
        """Whether a quotation stands in the words that follow."""
        for token in self.tokens[self.place + 1 : self.place + 1 + SEARCHED]:
            if token.word == QUOTE:
                return True
            if token.word in (";", ".", ":", "that", "which", "who"):
                return False
        return False

    def said(self, spans: Sequence[Span], source: phrases.Range | None, rule: str, borrowed: bool = False) -> Said:
        """What it hands over, as a statement."""
        span = self.unit.span(*source) if source else None
        return Said(kind_of(self.unit, spans), tuple(spans), span, self.span, rule, borrowed)


def skipping_adverbs(tokens: Sequence[Token], place: int) -> int:
    """The token before `place` and the adverbs there; -1 for none."""
    place -= 1
    while place > 0 and phrases.is_adverb(tokens[place]):
        place -= 1
    return place
