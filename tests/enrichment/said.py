"""Claims of a text with the shipped names, as words."""

from riskreview.enrichment.claims import claims
from riskreview.enrichment.linking import read_names
from riskreview.enrichment.stated import stated
from riskreview.lib.text import sentences
from tests.enrichment.names import gazetteer, slug


def names(text, title=""):
    return read_names(text, title, gazetteer())


def said(text, title=""):
    return claims(text, sentences(text), names(text, title))


def own_voice(text, *triggers):
    places = [(text.index(words), text.index(words) + len(words)) for words in triggers]
    return stated(text, sentences(text), names(text), places, said(text))


def words(text, span):
    return text[slice(*span)] if span else None


def told(text, title=""):
    """Kind, contents, source and cue of each claim."""
    return [
        (c.kind, *(words(text, span) for span in c.content), words(text, c.source.span), words(text, c.cue))
        for c in said(text, title)
    ]


def who(text, title=""):
    """Kind of each source, and the vendor, body or name."""
    return [
        (c.source.kind, slug(c.source.vendor) if c.source.vendor else c.source.agency or c.source.name)
        for c in said(text, title)
    ]
