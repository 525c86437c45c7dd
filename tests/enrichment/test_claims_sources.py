"""To whom a claim belongs."""

import pytest

from tests.enrichment.said import said, who


@pytest.mark.parametrize(
    ("speaker", "source"),
    [
        ("OpenAI", ("VENDOR", "openai")),
        ("A spokesperson for OpenAI", ("VENDOR", "openai")),
        ("Alibaba's cloud unit", ("VENDOR", "alibaba")),
        ("TikTok owner ByteDance", ("VENDOR", "bytedance")),
        ("The company", ("VENDOR", "The company")),
        ("Snowdrift Labs", ("VENDOR", "Snowdrift Labs")),
        ("The regulator", ("AGENCY", "The regulator")),
        ("France's data protection authority, the CNIL,", ("AGENCY", "fr-cnil")),
        ("The French data protection authority", ("AGENCY", "fr-cnil")),
        ("America's trade regulator, the Federal Trade Commission,", ("AGENCY", "us-ftc")),
        ("Ruritania's trade ministry", ("AGENCY", "Ruritania's trade ministry")),
        ("A spokesman for the authority", ("AGENCY", "the authority")),
        ("Jane Roe", ("PERSON", "Jane Roe")),
        ("A former OpenAI engineer", ("ANONYMOUS", "A former OpenAI engineer")),
        ("Its head, Jane Roe,", ("PERSON", "Its head")),
        ("The ministry, alerted by Acme Inc.,", ("AGENCY", "The ministry")),
        ("The boy's father", ("PERSON", "The boy's father")),
        ("She", ("NONE", "")),
        ("Reuters", ("DOCUMENT", "Reuters")),
        ("The New York Times", ("DOCUMENT", "The New York Times")),
        ("A court in Virginia", ("AGENCY", "A court in Virginia")),
        ("Two people familiar with the talks", ("ANONYMOUS", "Two people familiar with the talks")),
        ("One executive", ("ANONYMOUS", "One executive")),
        ("The lawsuit", ("DOCUMENT", "The lawsuit")),
        ("A report by the bank", ("DOCUMENT", "A report by the bank")),
    ],
)
def test_the_words_tell_who_speaks(speaker, source):
    assert who(f"{speaker} said that the app was slow.") == [source]


def test_a_document_keeps_its_maker():
    [claim] = said("According to a Goldman Sachs report, demand will rise by half.")
    assert (claim.source.kind, claim.source.name) == ("DOCUMENT", "a Goldman Sachs report")
    assert claim.source.vendor is not None


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("OpenAI denied that it was so. It said that it was late.", ("VENDOR", "openai")),
        ("TikTok owner ByteDance updated its model, which it claimed beat all the others.", ("VENDOR", "bytedance")),
        ("Baidu fell after the company said that sales had shrunk.", ("VENDOR", "baidu")),
        ("Jane Roe said that it was so. OpenAI said it was not so. She said that it was late.", ("PERSON", "Jane Roe")),
        ("A Google spokeswoman said that it was so. She said that it was late.", ("VENDOR", "google")),
        ("OpenAI left. The firm did not answer; it has said that it obeys them.", ("VENDOR", "openai")),
        ("OpenAI said that it was so, adding that it was late.", ("VENDOR", "openai")),
    ],
)
def test_a_pronoun_or_description_stands_for_somebody_named_before(text, last):
    assert who(text)[-1] == last


def test_the_reason_names_whom_it_stands_for():
    claim = said("OpenAI denied that it was so. The company said it was late. It said that it was sorry.")[-1]
    assert claim.reasons[-1] == "“It” is taken for “OpenAI”"


def test_another_paragraph_lends_no_name_to_it():
    assert who("OpenAI met the press.\nIt was dark, and it said that it was late.")[-1][0] == "NONE"


def test_hearsay_and_bare_quotations_have_no_source():
    assert who('It is said that it failed badly. "Nobody here was ever asked."') == [("NONE", ""), ("NONE", "")]
