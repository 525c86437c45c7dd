"""Articles and what their publishers made of them, labelled by hand: kind of change, and whether a review must know.

`HELD_OUT` was written and labelled before the rules were, and the rules were not tuned on it.
"""

from __future__ import annotations

from typing import NamedTuple

NAMES = ("DeepSeek", "Alibaba", "Baidu", "OpenAI", "Moonshot", "Zhipu", "Qwen", "深度求索", "阿里云")
LEAD = "The ministry published a short statement on its website."
BODY = "Officials will meet again next week to discuss the matter."


class Pair(NamedTuple):
    """What an article said, what it says, and the label."""

    name: str
    old: str
    new: str
    kind: str
    material: bool
    old_title: str = ""
    new_title: str = ""


def inside(name: str, old: str, new: str, kind: str, material: bool) -> Pair:
    """A pair whose difference stands between two sentences that stay."""
    return Pair(name, f"{LEAD} {old} {BODY}", f"{LEAD} {new} {BODY}", kind, material)


def below(name: str, new: str, kind: str, material: bool) -> Pair:
    """A pair of which the newer text has one paragraph more at its end."""
    return Pair(name, f"{LEAD}\n{BODY}", f"{LEAD}\n{BODY}\n{new}", kind, material)


def headline(name: str, old: str, new: str, kind: str, material: bool) -> Pair:
    """A pair that differs in its headline only."""
    return Pair(name, f"{LEAD} {BODY}", f"{LEAD} {BODY}", kind, material, old, new)


HELD_OUT = [
    inside(
        "percent in the other spelling",
        "Shares of Baidu rose 5.2 percent in Hong Kong on Tuesday after the launch.",
        "Shares of Baidu rose 5.2 per cent in Hong Kong on Tuesday after the launch.",
        "COSMETIC",
        False,
    ),
    inside(
        "a weaker proceeding",
        "The regulator opened a formal investigation into DeepSeek in January.",
        "The regulator opened a preliminary inquiry into DeepSeek in January.",
        "CORRECTION",
        True,
    ),
    inside(
        "a part of a statement is gone",
        "Moonshot said the breach exposed names, e-mail addresses and passwords.",
        "Moonshot said the breach exposed names and e-mail addresses.",
        "CORRECTION",
        True,
    ),
    inside(
        "another word for people",
        "The company employs about 160 people in Hangzhou.",
        "The company employs about 160 staff in Hangzhou.",
        "COSMETIC",
        False,
    ),
    below("no answer yet", "Zhipu did not immediately respond to a request for comment.", "UPDATE", False),
    below("findings rejected", "A spokesman for Alibaba rejected the findings as groundless.", "UPDATE", True),
    Pair(
        "a tenth of the users",
        "公司周三发布声明。阿里云在三月份修复了该漏洞，影响约200万用户。调查仍在继续。",
        "公司周三发布声明。阿里云在三月份修复了该漏洞，影响约20万用户。调查仍在继续。",
        "CORRECTION",
        True,
    ),
    Pair(
        "a note at the end with its figure",
        f"{LEAD}\nThe app was downloaded 2.6 million times in a week.",
        f"{LEAD}\nThe app was downloaded 1.6 million times in a week.\n"
        "Correction: A previous version of this article gave the wrong number of downloads.",
        "CORRECTION",
        True,
    ),
    Pair(
        "a note in brackets at the top",
        "BEIJING - Minister Jin Zhuang spoke at the conference.\n" + BODY,
        "(Corrects name of the minister in first paragraph)\nBEIJING - Minister Jin Zhuanglong spoke at the conference.\n"
        + BODY,
        "CORRECTION",
        True,
    ),
    Pair("an age", f"5 hours ago\n{LEAD}\n{BODY}", f"7 hours ago\n{LEAD}\n{BODY}", "COSMETIC", False),
    Pair(
        "another link",
        f"{LEAD}\nRead more: Nvidia falls 17% as DeepSeek shakes markets\n{BODY}",
        f"{LEAD}\nRead more: Why OpenAI needs $40 billion\n{BODY}",
        "COSMETIC",
        False,
    ),
    headline(
        "news in the headline",
        "DeepSeek: what we know so far",
        "DeepSeek hit by cyberattack: what we know",
        "UPDATE",
        True,
    ),
    headline(
        "another apostrophe",
        "OpenAI says it has evidence China's DeepSeek used its model",
        "OpenAI says it has evidence China’s DeepSeek used its model",
        "COSMETIC",
        False,
    ),
    Pair(
        "paragraphs in another order",
        f"{LEAD}\nDeepSeek was founded in 2023 by a hedge fund.\nBaidu showed its own model in March 2023.\n{BODY}",
        f"{LEAD}\nBaidu showed its own model in March 2023.\nDeepSeek was founded in 2023 by a hedge fund.\n{BODY}",
        "COSMETIC",
        False,
    ),
    inside(
        "it has happened by now",
        "Mr Liang could be questioned by the police over the affair.",
        "Mr Liang has been questioned by the police over the affair.",
        "CORRECTION",
        True,
    ),
    Pair(
        "taken down",
        f"{LEAD} DeepSeek stored the chats of two million people in an open database. {BODY}",
        "We have removed this article because it did not meet our standards for sourcing.",
        "RETRACTION",
        True,
    ),
    below(
        "a clarification",
        "Clarification: The database belonged to a contractor and not to the ministry.",
        "CLARIFICATION",
        True,
    ),
    inside(
        "one sentence made two",
        "The lab, which was founded in 2023, trained its model for $5.6 million.",
        "The lab was founded in 2023. It trained its model for $5.6 million.",
        "COSMETIC",
        False,
    ),
    inside(
        "another week",
        "The talks took place in the week of 20 January in Paris.",
        "The talks took place in the week of 27 January in Paris.",
        "CORRECTION",
        True,
    ),
    inside(
        "a misspelt person",
        "The company was founded by Liang Wenfang, an engineer from Guangdong.",
        "The company was founded by Liang Wenfeng, an engineer from Guangdong.",
        "COSMETIC",
        False,
    ),
]
