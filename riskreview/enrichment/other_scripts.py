"""Weak names in texts of other languages: what of the rules holds there. Pure.

No grammar is known there. A vendor named without doubt speaks for its weak names. A name in Latin letters is no
ordinary word in a text of another script, and a name in that script is weighed by the words of the trade around it.
"""

import re

from riskreview.enrichment import rules
from riskreview.enrichment.surroundings import Surroundings
from riskreview.enrichment.weak_names import PERSONAL, Parts, is_of_a_person, of_the_document, of_the_name
from riskreview.vendors.matching import Hit

_DATA = rules.load("linking")["other_scripts"]
_SCORE: dict[str, int] = rules.load("linking")["score"]
_AROUND = 60
_OWN_SCRIPT = re.compile("[\u0370-\u1fff\u2e80-\ufaff]")
_TRADE = rules.pattern("|".join(_DATA["trade"].split()), "linking.toml [other_scripts] trade")
_LATIN = rules.pattern(rf"\b(?:{'|'.join(_DATA['latin'].split())})(?!\w)", "linking.toml [other_scripts] latin")
_OTHER = rules.pattern("|".join(_DATA["other"].split()), "linking.toml [other_scripts] other")


def weighed_elsewhere(hit: Hit, around: Surroundings) -> Parts:
    """The parts of the score of a weak name in a text that is not English."""
    near = around.text[max(0, hit.start - _AROUND) : hit.end + _AROUND]
    own = _OWN_SCRIPT.search(hit.surface) is not None
    latin = not own and not _OWN_SCRIPT.search(near)
    parts = [*of_the_name(hit), *of_the_document(hit, around)]
    if latin:
        parts += _of_latin(hit, around)
    elif not own:
        parts.append((_SCORE["other_script"], "in other letters than the text, where it is no ordinary word"))
    words = list(dict.fromkeys((_LATIN if latin else _TRADE).findall(near)))
    if words:
        points = min(_SCORE["context_most"], _SCORE["context_word"] * len(words))
        parts.append((points, "words of technology and business near by: " + ", ".join(words[:4])))
    others = list(dict.fromkeys(_OTHER.findall(near)))
    if others:
        parts.append((_SCORE["other_sense"] * len(others), "words of other things near by: " + ", ".join(others[:4])))
    return parts


def _of_latin(hit: Hit, around: Surroundings) -> Parts:
    parts = [(_SCORE["foreign"], "in a language whose words are not known")]
    if hit.name.text in PERSONAL and is_of_a_person(hit, around):
        parts.append((_SCORE["longer_name"], "among words for a person"))
    return parts
