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
        "(Corrects name of the minister in first paragraph)\n"
        "BEIJING - Minister Jin Zhuanglong spoke at the conference.\n" + BODY,
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

STOLE = "DeepSeek stored the chats of its users on servers in China."
NOTED = f"{LEAD}\nCorrection: An earlier version of this article misspelled the name of the minister.\n{BODY}"
HOUSE = "Editor's note: This article has been updated since it was first published."

PAIRS = [
    # Figures.
    inside(
        "a number",
        "The app has 40 million users in Europe.",
        "The app has 14 million users in Europe.",
        "CORRECTION",
        True,
    ),
    inside(
        "a scale",
        "It raised 40 million dollars last year.",
        "It raised 40 billion dollars last year.",
        "CORRECTION",
        True,
    ),
    inside(
        "a currency",
        "It raised $40 million last year in Hong Kong.",
        "It raised €40 million last year in Hong Kong.",
        "CORRECTION",
        True,
    ),
    inside("a percentage", "Shares fell 17 percent on the day.", "Shares fell 17 on the day.", "CORRECTION", True),
    inside(
        "a sign",
        "Growth was -2.1 percent in the quarter.",
        "Growth was 2.1 percent in the quarter.",
        "CORRECTION",
        True,
    ),
    inside(
        "a day",
        "The ban took effect on 28 January 2025.",
        "The ban took effect on 29 January 2025.",
        "CORRECTION",
        True,
    ),
    inside(
        "a month",
        "The ban took effect in March after a vote.",
        "The ban took effect in April after a vote.",
        "CORRECTION",
        True,
    ),
    inside(
        "a weekday",
        "The company said so on Monday evening.",
        "The company said so on Tuesday evening.",
        "CORRECTION",
        True,
    ),
    inside(
        "a number in words",
        "The breach hit three ministries at once.",
        "The breach hit five ministries at once.",
        "CORRECTION",
        True,
    ),
    inside(
        "a unit",
        "The outage lasted 40 minutes in all regions.",
        "The outage lasted 40 hours in all regions.",
        "CORRECTION",
        True,
    ),
    inside(
        "a figure added",
        "Officials sold licences in the region again.",
        "Officials sold 14 licences in the region again.",
        "CORRECTION",
        True,
    ),
    inside(
        "figures that changed places",
        "DeepSeek counted 40 incidents and Baidu counted 14 incidents.",
        "DeepSeek counted 14 incidents and Baidu counted 40 incidents.",
        "CORRECTION",
        True,
    ),
    Pair("a short line of a table", f"{LEAD}\nTotal: 5\n{BODY}", f"{LEAD}\nTotal: 12\n{BODY}", "CORRECTION", True),
    inside(
        "another separator",
        "It sold 1,000 licences to schools.",
        "It sold 1000 licences to schools.",
        "COSMETIC",
        False,
    ),
    inside("a percent sign", "It holds 5 percent of the shares.", "It holds 5% of the shares.", "COSMETIC", False),
    inside(
        "a scale cut short",
        "It was bought for $40 million in cash.",
        "It was bought for $40m in cash.",
        "COSMETIC",
        False,
    ),
    inside(
        "a number spelled out",
        "The breach hit 3 ministries at once.",
        "The breach hit three ministries at once.",
        "COSMETIC",
        False,
    ),
    inside(
        "a date the other way round",
        "The ban took effect on 28 January 2025 in all of Italy.",
        "The ban took effect on January 28, 2025 in all of Italy.",
        "COSMETIC",
        False,
    ),
    # Names.
    inside(
        "another vendor",
        "Police searched the offices of Baidu in Beijing.",
        "Police searched the offices of Zhipu in Beijing.",
        "CORRECTION",
        True,
    ),
    inside(
        "a vendor no longer named",
        "Engineers at OpenAI found the flaw.",
        "Engineers at the firm found the flaw.",
        "CORRECTION",
        True,
    ),
    inside(
        "vendors that changed places",
        "Zhipu sued Baidu over the model.",
        "Baidu sued Zhipu over the model.",
        "CORRECTION",
        True,
    ),
    inside(
        "the form of the company",
        "Police searched the offices of Baidu in Beijing.",
        "Police searched the offices of Baidu Inc in Beijing.",
        "COSMETIC",
        False,
    ),
    # Sense and standing.
    inside(
        "a negation",
        "DeepSeek did pass the data on to the ministry.",
        "DeepSeek did not pass the data on to the ministry.",
        "CORRECTION",
        True,
    ),
    inside(
        "a negation cut short",
        "DeepSeek did not pass the data on to others.",
        "DeepSeek didn’t pass the data on to others.",
        "COSMETIC",
        False,
    ),
    inside(
        "an opposite",
        "The court found that the transfer was lawful.",
        "The court found that the transfer was unlawful.",
        "CORRECTION",
        True,
    ),
    inside(
        "no longer alleged",
        "The alleged theft of the weights took a week.",
        "The theft of the weights took a week.",
        "CORRECTION",
        True,
    ),
    inside(
        "confirmed, then denied",
        "The company confirmed the theft of the weights.",
        "The company denied the theft of the weights.",
        "CORRECTION",
        True,
    ),
    inside(
        "possible, then certain",
        "The model may have been trained on stolen text.",
        "The model has been trained on stolen text.",
        "CORRECTION",
        True,
    ),
    inside(
        "planned, then done",
        "The ministry proposed to ban the chatbot in schools.",
        "The ministry decided to ban the chatbot in schools.",
        "CORRECTION",
        True,
    ),
    inside(
        "up, then down",
        "The number of complaints rose during the winter.",
        "The number of complaints fell during the winter.",
        "CORRECTION",
        True,
    ),
    # What is gone, and what came.
    inside("a sentence about a vendor", STOLE, "", "CORRECTION", True),
    inside("a sentence with a figure", "Some 40 people have been arrested so far.", "", "CORRECTION", True),
    inside("a denial taken out", "The company rejected the claims entirely.", "", "CORRECTION", True),
    inside(
        "a sentence about nothing much", "It rained in the capital for most of the afternoon.", "", "COSMETIC", False
    ),
    inside("a short sentence", "Baidu agreed.", "", "COSMETIC", False),
    below("a denial", "A spokeswoman denied that any data had left the country.", "UPDATE", True),
    below("a denial in Chinese", "百度发言人否认了这一说法。", "UPDATE", True),
    below("more of the same", "DeepSeek was founded in 2023 and has 160 employees.", "UPDATE", False),
    below("denied entry", "Two of the experts were denied entry to the building.", "UPDATE", False),
    inside(
        "a sentence in two",
        f"{STOLE[:-1]}, and nobody had asked them.",
        f"{STOLE} And nobody had asked them.",
        "COSMETIC",
        False,
    ),
    Pair("all of it", f"{LEAD} {STOLE}", "", "GONE", True),
    Pair(
        "a page in its place",
        f"{LEAD} {STOLE}",
        "Sorry, the page you are looking for could not be found.",
        "GONE",
        True,
    ),
    # Headlines.
    headline("a headline", "Chatbot maker under scrutiny", "Chatbot maker cleared by regulator", "CORRECTION", True),
    headline(
        "a headline in other words", "Chatbot maker under scrutiny", "Regulator looks at chatbot maker", "UPDATE", True
    ),
    headline(
        "a figure in a headline",
        "Fine of 15 million for a chatbot",
        "Fine of 5 million for a chatbot",
        "CORRECTION",
        True,
    ),
    headline(
        "a headline in capitals", "Chatbot maker under scrutiny", "CHATBOT MAKER UNDER SCRUTINY", "COSMETIC", False
    ),
    headline(
        "the site after a bar",
        "Chatbot maker under scrutiny",
        "Chatbot maker under scrutiny | The Herald",
        "COSMETIC",
        False,
    ),
    headline("no headline before", "", "Chatbot maker under scrutiny", "COSMETIC", False),
    headline("a label", "Chatbot maker fined", "CORRECTED-Chatbot maker fined", "CORRECTION", True),
    headline("a numbered label", "Chatbot maker fined", "UPDATE 2-Chatbot maker fined", "UPDATE", False),
    headline("a story withdrawn", "Chatbot maker fined", "STORY WITHDRAWN: Chatbot maker fined", "RETRACTION", True),
    # Notes.
    below(
        "a correction",
        "Correction: An earlier version of this article misspelled the name of the minister.",
        "CORRECTION",
        True,
    ),
    below(
        "a correction with a date",
        "CORRECTION (Jan. 28, 2025): The minister's name was misspelled.",
        "CORRECTION",
        True,
    ),
    below("a heading over it", "Correction\nIn our report the name of the minister was wrong.", "CORRECTION", True),
    below(
        "a sentence of its own", "This story has been corrected to fix the name of the minister.", "CORRECTION", True
    ),
    below("in brackets", "(This story has been updated to correct the name of the minister.)", "CORRECTION", True),
    below(
        "an editor's note",
        "Editor’s note: This article has been retracted at the request of its author.",
        "RETRACTION",
        True,
    ),
    below("a note of no kind", "Editor’s note: The author once worked for the ministry.", "UPDATE", False),
    below(
        "a retraction", "We have withdrawn this story because its main source was not who he said.", "RETRACTION", True
    ),
    below(
        "what was meant", "This article was amended to make clear that the talks were private.", "CLARIFICATION", True
    ),
    below("an update", "Update: The ministry published the minutes of the meeting.", "UPDATE", False),
    below("an update that denies", "Update: The company called the report baseless.", "UPDATE", True),
    below("a stamp", "Updated January 28, 2025 at 10:44 a.m. ET", "UPDATE", False),
    below("a correction in Chinese", "更正：此前报道中部长的姓名有误。", "CORRECTION", True),
    below("a correction in Japanese", "訂正：大臣の名前に誤りがありました。", "CORRECTION", True),
    below(
        "a correction in German", "Korrektur: In einer früheren Fassung stand ein falscher Name.", "CORRECTION", True
    ),
    below("the market corrects", "The correction of the market went on for most of the week.", "UPDATE", False),
    below("corrections of the market", "Correction of the market: what investors expect from here.", "UPDATE", False),
    below("a heading of another story", "Correction\nMarkets went down after a long winter.", "UPDATE", False),
    below("a company retracts", "Update: The company retracted its statement about the talks.", "UPDATE", False),
    below("where it came from", "This article originally appeared in the Harbour Courier.", "UPDATE", False),
    below("a report of somebody else", "This report was withdrawn by the ministry a week later.", "UPDATE", False),
    Pair("a note that stands on both", NOTED, NOTED.replace("short statement", "brief statement"), "COSMETIC", False),
    Pair(
        "a figure under a standing note", f"{NOTED}\nIt has 40 users.", f"{NOTED}\nIt has 14 users.", "CORRECTION", True
    ),
    Pair("a note that moved", f"{NOTED}\n{HOUSE}", f"{HOUSE}\n{NOTED}", "COSMETIC", False),
    Pair(
        "a stamp of another day",
        f"Last updated: 28 January 2025, 10:44 GMT\n{LEAD}",
        f"Last updated: 3 February 2025, 9:00 GMT\n{LEAD}",
        "COSMETIC",
        False,
    ),
    Pair(
        "a second correction",
        NOTED,
        NOTED.replace("the name of the minister", "the name of the hotel"),
        "CORRECTION",
        True,
    ),
    # Form.
    inside(
        "quotation marks",
        'He called it "a matter of trust" in the house.',
        "He called it “a matter of trust” in the house.",
        "COSMETIC",
        False,
    ),
    inside(
        "a dash",
        "The talks - held in Paris - went on all night.",
        "The talks — held in Paris — went on all night.",
        "COSMETIC",
        False,
    ),
    inside(
        "a comma", "After the vote the members went home.", "After the vote, the members went home.", "COSMETIC", False
    ),
    inside(
        "blanks", "After the vote the members went home.", "After  the vote the members went home.", "COSMETIC", False
    ),
    inside(
        "case",
        "The Ministry of Commerce had no comment.",
        "The ministry of commerce had no comment.",
        "COSMETIC",
        False,
    ),
    inside(
        "a typing error",
        "The goverment published the list of members.",
        "The government published the list of members.",
        "COSMETIC",
        False,
    ),
    inside(
        "other words",
        "The members went home after the vote in the house.",
        "The members went home following the vote in the house.",
        "COSMETIC",
        False,
    ),
    Pair("comments", f"{LEAD}\n1,204 comments\n{BODY}", f"{LEAD}\n1,311 comments\n{BODY}", "COSMETIC", False),
    Pair(
        "links",
        f"{LEAD}\nRelated: Baidu shows 3 new models",
        f"{LEAD}\nRelated: Zhipu files for a listing",
        "COSMETIC",
        False,
    ),
    Pair("nothing at all", f"{LEAD} {STOLE}", f"{LEAD} {STOLE}", "COSMETIC", False, "Same", "Same"),
    # Chinese.
    Pair(
        "a vendor in Chinese",
        "深度求索发布了新模型。会议下周举行。",
        "阿里云发布了新模型。会议下周举行。",
        "CORRECTION",
        True,
    ),
    Pair(
        "a number in Chinese",
        "公司有三千名员工。会议下周举行。",
        "公司有五千名员工。会议下周举行。",
        "CORRECTION",
        True,
    ),
    Pair(
        "a negation in Chinese",
        "公司已经收集用户数据。会议下周举行。",
        "公司没有收集用户数据。会议下周举行。",
        "CORRECTION",
        True,
    ),
    Pair("a sentence in Chinese", "深度求索把用户数据存放在境外。会议下周举行。", "会议下周举行。", "CORRECTION", True),
    Pair(
        "punctuation in Chinese",
        "会议下周举行，地点在北京。公司有员工。",
        "会议下周举行,地点在北京。公司有员工。",
        "COSMETIC",
        False,
    ),
]
