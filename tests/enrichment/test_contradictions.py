"""What one text says otherwise than another: asked where both speak of the same matter, and not where they do not."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from riskreview.enrichment.amounts import amounts
from riskreview.enrichment.analysis import analyse
from riskreview.enrichment.contradictions import bounds, passages, questions
from riskreview.enrichment.sameness import terms
from riskreview.enrichment.shipped_names import shipped_names
from riskreview.web.demo.newsroom import corpus

NAMES = {
    number: terms(" ".join((slug.replace("-", " "), *more)))
    for slug, number in shipped_names().numbers.items()
    for more in [("GPT", "ChatGPT") if slug == "openai" else ()]
}
AT = datetime.datetime(2025, 1, 29, tzinfo=datetime.UTC)
SAYS = "DeepSeek leaked chat records."
DENIES = "DeepSeek denied that it had leaked chat records."


def of(document, words, **more):
    read = analyse("", words, shipped_names().gazetteer)
    return [replace(each, **more) for each in passages(document, words, read.spans, read.signals)]


def asked(this, other):
    return questions(of("new", this), of("old", other), NAMES)


@pytest.mark.parametrize(
    ("this", "other"),
    [
        (SAYS, DENIES),
        (DENIES, SAYS),
        (
            "Researchers found that DeepSeek had left a database of chat records open on the internet.",
            "DeepSeek denied that a database of chat records had been open on the internet.",
        ),
        ("Italy has banned the DeepSeek app.", "DeepSeek denied on Thursday that Italy had banned its app."),
        (
            "NASA has banned DeepSeek from its networks.",
            "NASA has not banned DeepSeek from its networks, a spokeswoman said.",
        ),
        (
            "OpenAI sacked moderators in Kenya after they sued it, court papers say.",
            "OpenAI denied it had been sued by moderators in Kenya.",
        ),
        ("The DeepSeek app leaked chat records.", "The DeepSeek app could hardly have leaked chat records."),
        ("Hackers stole customer invoices from Mistral.", "Mistral denies that hackers stole customer invoices."),
    ],
)
def test_a_denial_against_an_assertion_of_the_same_matter_is_a_question(this, other):
    [question] = asked(this, other)
    assert (question.kind, question.this.words, question.other.words) == ("DENIAL", this, other)
    assert question.text.endswith("Which holds?")


@pytest.mark.parametrize(
    ("this", "other"),
    [
        (SAYS, "DeepSeek may leak chat records, a plan would change that."),
        (SAYS, "DeepSeek was banned in Taiwan."),
        (SAYS, "OpenAI denied that it had leaked chat records."),
        (SAYS, "DeepSeek denied that its model had been jailbroken."),
        # nobody would say
        (SAYS, "DeepSeek did not respond to a request for comment on the leak of chat records."),
        (SAYS, "A spokesman for DeepSeek would not say whether chat records had leaked."),
        (
            "The White House declined to comment on whether a ban on DeepSeek was being considered.",
            "The White House has not banned DeepSeek.",
        ),
        (
            "Asked whether chat records of customers had leaked, DeepSeek declined to comment.",
            "DeepSeek denied that chat records of customers had leaked.",
        ),
        # not quite
        ("DeepSeek leaked hardly any chat records.", "DeepSeek leaked chat records."),
        ("DeepSeek has not leaked all chat records.", "DeepSeek leaked chat records."),
        ("NASA has not entirely banned DeepSeek from its networks.", "NASA has banned DeepSeek from its networks."),
        # a clause of terms
        (
            "OpenAI's terms do not allow customers to train competing models on output.",
            "OpenAI says that customers in China trained competing models on output.",
        ),
        (
            "OpenAI's terms of service do not allow customers to build a model that competes with its own.",
            "ByteDance claims a mode of its model does better there than o1 from OpenAI.",
        ),
        # somebody or somewhere else
        ("Texas banned DeepSeek on government devices.", "The school board has not banned DeepSeek."),
        (
            "Taiwan banned DeepSeek on government devices.",
            "Italy has not banned DeepSeek on government devices.",
        ),
        (
            "NASA has banned DeepSeek from its networks.",
            "The FBI has not banned DeepSeek from its networks.",
        ),
        # too little to tell
        ("DeepSeek was banned.", "DeepSeek has not been banned."),
    ],
)
def test_what_is_of_another_matter_or_says_nothing_is_none(this, other):
    assert asked(this, other) == []
    assert asked(other, this) == []


def test_a_text_does_not_question_itself_nor_its_copies():
    assert questions(of("one", SAYS), of("one", DENIES), NAMES) == []
    assert questions(of("one", SAYS, text="wire"), of("two", DENIES, text="wire"), NAMES) == []


@pytest.mark.parametrize(
    ("this", "other", "written"),
    [
        (
            "Rome fined OpenAI 15 million euros over its handling of data.",
            "Rome fined OpenAI 20 million euros over its handling of data.",
            "“15 million euros” or “20 million euros”",
        ),
        (
            "The breach at Anthropic exposed 65,000 patient records.",
            "Anthropic said the breach exposed 12,000 patient records.",
            "“65,000 patient records” or “12,000 patient records”",
        ),
        ("Nvidia shares fell 4%.", "Nvidia shares fell 11%.", "“4%” or “11%”"),
        ("Shares in Nvidia dropped 4% on Monday.", "Nvidia's shares fell 11% on Monday.", "“4%” or “11%”"),
    ],
)
def test_a_differing_figure_of_the_same_thing_is_a_question(this, other, written):
    day = datetime.timedelta(days=1)
    earlier, later = of("old", this, at=AT), of("new", other, at=AT + day)
    for pair in ((earlier, later), (later, earlier)):
        [question] = questions(*pair, NAMES)
        assert (question.kind, question.text.startswith(written)) == ("FIGURE", True)


@pytest.mark.parametrize(
    ("this", "other"),
    [
        *(
            ("Rome fined OpenAI 15 million euros over its handling of data.", other)
            for other in (
                "Rome fined OpenAI about 15.5 million euros over its handling of data.",
                "Rome fined OpenAI more than 10 million euros over its handling of data.",
                "Rome fined OpenAI 15 million dollars over its handling of data.",
                "In spring Berlin fined OpenAI 20 million euros for late replies.",
                "Rome fined OpenAI 5 million euros, then 20 million euros over its handling of data.",
                "Rome fined OpenAI 15.4 million euros over its handling of data.",
            )
        ),
        ("Nvidia shares fell 4% on Monday.", "Nvidia shares fell 11% on Tuesday."),
        ("Nvidia shares fell 4% in a day.", "Nvidia shares fell 11% over the year."),
        ("Nvidia shares fell 4%.", "Nvidia shares rose 11%."),
        (
            "The breach at Mistral exposed 65,000 patient records.",
            "The breach at Mistral exposed 12,000 payment records.",
        ),
    ],
)
def test_a_figure_that_may_be_the_same_or_of_something_else_is_none(this, other):
    assert asked(this, other) == []


def test_two_texts_are_asked_once_about_a_kind_of_risk_the_strongest():
    weaker = "It emerged that chat records of three large banks had been leaked by DeepSeek over the summer."
    [question] = questions(of("new", f"{DENIES}\n\n{DENIES[:-1]} again."), of("old", f"{weaker}\n\n{SAYS}"), NAMES)
    assert (question.this.words, question.other.words, question.strength) == (DENIES, SAYS, 1.0)
    copies = [passage for n in range(4) for passage in of(f"paper {n}", SAYS, text="wire")]
    assert len(questions(of("new", DENIES), copies, NAMES)) == 1


def test_the_most_alike_come_first():
    others = [p for n in ("banks", "towns") for p in of(n, f"{SAYS[:-1]} of {n} and of schools.")] + of("alike", SAYS)
    found = questions(of("new", DENIES), others, NAMES)
    assert [each.other.document for each in found] == ["alike", "banks", "towns"]


def test_passages_may_be_asked_among_themselves_and_are_put_in_order_of_time():
    every = of("says", SAYS, at=AT + datetime.timedelta(days=1)) + of("denies", DENIES, at=AT)
    [question] = questions(every, every, NAMES)
    assert [each.document for each in question.in_order] == ["denies", "says"]


def test_the_demonstration_holds_no_two_texts_that_deny_each_other():
    every = []
    for each in corpus.load().articles:
        every += of(each.key, "\n\n".join(each.paragraphs), text=each.based_on or each.key)
    assert len(every) > 50
    assert [each.text for each in questions(every, every, NAMES)] == []


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("5%", "4.5", "5.5"),
        ("1.2 million users", "1150000", "1250000"),
        ("65,000 users", "64500", "65500"),
        ("as much as 5%", "-Infinity", "5"),
        ("more than 5%", "5", "Infinity"),
        ("about 5%", "4.5", "5.5"),
    ],
)
def test_a_figure_has_bounds(words, least, most):
    [figure] = amounts(f"It rose {words}.")
    assert bounds(figure) == (Decimal(least), Decimal(most))
