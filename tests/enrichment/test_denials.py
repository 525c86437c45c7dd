"""What somebody says is not so: who denies it, what exactly, and what is no denial."""

import pytest

from tests.enrichment.said import said, who, words


def denials(text):
    return [(words(text, c.content[0]), words(text, c.source.span), c.denies) for c in said(text)]


@pytest.mark.parametrize(
    ("text", "content", "source"),
    [
        ("Mistral AI denied that 65,000 records were stolen.", "65,000 records were stolen.", "Mistral AI"),
        ("Meta denies data of users was stolen.", "data of users was stolen.", "Meta"),
        ("OpenAI, denying that it copied the book, sued.", "it copied the book", "OpenAI"),
        ("Musk disputed that Grok was to blame.", "Grok was to blame.", "Musk"),
        ("It was denied by the firm that Grok was to blame.", "Grok was to blame.", "the firm"),
        ("DeepSeek denied stealing data from OpenAI.", "stealing data from OpenAI.", "DeepSeek"),
        ("OpenAI denied that “the logs were leaked to anybody”.", "“the logs were leaked to anybody”", "OpenAI"),
        (
            "Anthropic on Monday rejected a newspaper report that Claude had leaked data.",
            "Claude had leaked data.",
            "Anthropic",
        ),
        ("OpenAI dismissed reports that ChatGPT had been hacked.", "ChatGPT had been hacked.", "OpenAI"),
        ("The firm disputed claims that it copied others.", "it copied others.", "The firm"),
        ("The bank denied reports in the Times that it was hacked.", "it was hacked.", "The bank"),
        ("The ministry refuted the idea that it had paid.", "it had paid.", "The ministry"),
        ("OpenAI rebutted the allegation that it trained on books.", "it trained on books.", "OpenAI"),
        ("OpenAI rejected allegations of price fixing.", "price fixing", "OpenAI"),
        ("Meta fought back, rejecting reports that it copied.", "it copied.", "Meta"),
        ("OpenAI called the claim that ChatGPT was hacked false.", "ChatGPT was hacked", "OpenAI"),
        ("DeepSeek called reports of a hack “untrue”.", "a hack", "DeepSeek"),
        ("OpenAI called the report “baseless”.", "the report “baseless”", "OpenAI"),
        ("OpenAI rejected it as “a fairy tale”.", "it as “a fairy tale”", "OpenAI"),
        ("OpenAI's denial that ChatGPT was hacked came late.", "ChatGPT was hacked", "OpenAI"),
        ("OpenAI issued a denial of the report that it was hacked.", "it was hacked.", "OpenAI"),
        ("The rumours that OpenAI is for sale were denied by Altman.", "OpenAI is for sale", "Altman"),
        ("Anthropic was accused of leaking data, a charge it denies.", "leaking data", "it"),
        ("Italy accused DeepSeek of leaking data, which it denies.", "leaking data", "it"),
    ],
)
def test_a_denial_says_what_is_denied_and_by_whom(text, content, source):
    assert denials(text) == [(content, source, True)]


@pytest.mark.parametrize(
    "text",
    [
        "“It is not true,” Anthropic denied.",
        "OpenAI denied: “We never did it.”",
        "OpenAI dismissed him as “a clown without a plan”.",
        "OpenAI called the launch “late”.",
        "Meta confirmed a report that it was hacked.",
        "Meta said a dispute over pay was over.",
        "OpenAI said that reports of a hack were false.",
    ],
)
def test_their_own_words_are_no_denial(text):
    assert [claim.denies for claim in said(text)] == [False] * len(said(text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "Anthropic has not denied that Claude leaked data.",
        "Anthropic neither confirmed nor denied that Claude leaked data.",
        "Anthropic declined to comment on whether Claude had leaked data.",
        "Anthropic declined to comment on a newspaper report that Claude had leaked data.",
        "OpenAI denied any wrongdoing.",
        "OpenAI rejected the offer that Musk made.",
        "The court dismissed the claims of the authors.",
    ],
)
def test_nothing_is_said_where_nothing_is_denied(text):
    assert said(text) == []


def test_who_declines_to_comment_on_reports_says_nothing():
    assert who("Anthropic declined to comment on reports that Claude had leaked data.") == [("NONE", "")]


def test_the_accused_does_not_say_what_it_rejects():
    text = "Anthropic on Monday rejected a newspaper report that Claude had leaked customer data."
    assert who(text) == [("VENDOR", "anthropic")]
    [claim] = said(text)
    assert words(text, claim.cue) == "rejected"
    assert claim.reasons == ("“rejected” says that it is not so",)
