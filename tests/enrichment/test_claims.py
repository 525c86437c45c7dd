"""Who says what, sentence by sentence: kind, content, source and cue."""

import pytest

from riskreview.enrichment.claims import claims
from riskreview.enrichment.found import NamesRead
from riskreview.lib.text import sentences
from tests.enrichment.said import own_voice, said, told, words

BEHIND = "The app is safe"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ('"It is not a toy," said Jane Roe, who leads the team.', ('"It is not a toy,"', "Jane Roe", "said")),
        ('"It is not a toy," said novelist Jane Roe.', ('"It is not a toy,"', "novelist Jane Roe", "said")),
        ('"We know," a spokesperson for OpenAI told reporters.', ('"We know,"', "a spokesperson for OpenAI", "told")),
        ("“We know,” Mr. Holm, a former engineer, told the panel.", ("“We know,”", "Mr. Holm", "told")),
        ('"We know," Rep. Maria Lopez (D-Calif.) said.', ('"We know,"', "Rep. Maria Lopez", "said")),
        ('"We know", the bank said in a notice that was edited.', ('"We know"', "the bank", "said")),
        ('"We know," one engineer shrugged.', ('"We know,"', "one engineer", "shrugged")),
        ('"We know," deadpanned the librarian.', ('"We know,"', "the librarian", "deadpanned")),
        ('On Tuesday the minister said: "The app stays off."', ('"The app stays off."', "the minister", "said")),
        ('Asked about it, she replied: "Safe enough."', ('"Safe enough."', "she", "replied")),
        ('He wrote on X, "It is late."', ('"It is late."', "He", "wrote")),
        ('The chief was blunter at the call: "We sold below cost."', ('"We sold below cost."', "The chief", None)),
        ('From the release notes: "It is slow."', ('"It is slow."', "the release notes", None)),
        (
            "‘We were never asked,’ the union’s secretary said.",
            ("‘We were never asked,’", "the union’s secretary", "said"),
        ),
    ],
)
def test_a_quotation_has_its_speaker(text, claim):
    assert told(text) == [("DIRECT", *claim)]


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        ('"It is," he said, "the worst breach."', ('"It is,"', '"the worst breach."')),
        ('"We know," Roe told us. "It is late."', ('"We know,"', '"It is late."')),
        ('"We know," Roe said.\n"It is late."\n"Very late."', ('"We know,"', '"It is late."\n"Very late."')),
    ],
)
def test_a_quotation_that_goes_on_is_one_claim(text, contents):
    assert [claim[1:3] for claim in told(text)] == [contents]


def test_a_quotation_of_several_sentences_is_followed_to_its_end():
    text = '"The logs are gone. They were deleted in May," Roe said.'
    assert told(text) == [("DIRECT", '"The logs are gone. They were deleted in May,"', "Roe", "said")]


def test_a_sentence_may_announce_the_quotation_of_the_next():
    assert told('He put it this way:\n"You cannot sue the rain."') == [
        ("DIRECT", '"You cannot sue the rain."', "He", None)
    ]
    assert told("Her verdict?\n“Turn it off at once.”") == [("DIRECT", "“Turn it off at once.”", "Her", "verdict")]


def test_a_quotation_without_a_speaker_is_bare():
    assert told('It was late. "Nobody here wants to leave." The lamp went out.') == [
        ("BARE", '"Nobody here wants to leave."', None, None)
    ]
    assert told('They sell the "smart" lamp.') == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            'Roe said the ruling was "plainly wrong" and would fall.',
            ('the ruling was "plainly wrong" and would fall.', "Roe", "said"),
        ),
        ('Microsoft called the report "misleading" and left.', ('the report "misleading"', "Microsoft", "called")),
        ('The minister dismissed it as "baseless" on Monday.', ('it as "baseless"', "The minister", "dismissed")),
        ('Margins were "a luxury", she conceded, and hung up.', ('Margins were "a luxury"', "she", "conceded")),
        ('Acme urged them to "start with the biggest."', ('to "start with the biggest."', "Acme", "urged")),
    ],
)
def test_words_quoted_in_part_are_mixed(text, claim):
    assert told(text) == [("MIXED", *claim)]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("DeepSeek said that it had stored the data.", ("it had stored the data.", "DeepSeek", "said")),
        ("DeepSeek has repeatedly said it deleted the data.", ("it deleted the data.", "DeepSeek", "said")),
        ("Mistral said Tuesday it will open an office.", ("it will open an office.", "Mistral", "said")),
        ("The bank said in January it was looking into it.", ("it was looking into it.", "The bank", "said")),
        ("Roe told investors on Friday that demand had fallen.", ("demand had fallen.", "Roe", "told")),
        ("Lawyers told the court the driver had been warned.", ("the driver had been warned.", "Lawyers", "told")),
        ("But Jane Roe, its chief, warned that chips would run out.", ("chips would run out.", "Jane Roe", "warned")),
        ("In its reply the regulator insists the order stands.", ("the order stands.", "the regulator", "insists")),
        ("Microsoft and OpenAI said they would appeal.", ("they would appeal.", "Microsoft and OpenAI", "said")),
        ("The firm that made it said the lamp was safe.", ("the lamp was safe.", "The firm that made it", "said")),
        ("xAI claims Grok answers questions correctly.", ("Grok answers questions correctly.", "xAI", "claims")),
        ("Analysts expect the price war to go on.", ("the price war to go on.", "Analysts", "expect")),
        ("Some experts think the benchmark is flawed.", ("the benchmark is flawed.", "Some experts", "think")),
        ("Anthropic pledged to delete the recordings.", ("to delete the recordings.", "Anthropic", "pledged")),
        ("The lab accused its rival of copying answers.", ("its rival of copying answers.", "The lab", "accused")),
        ("A review by the office found the app was slow.", ("the app was slow.", "A review by the office", "found")),
        ("She went on to say that the app was slow.", ("the app was slow.", "She", "say")),
        ("The bank was told by the regulator that it failed.", ("it failed.", "the regulator", "told")),
        (
            "It updated its model, which it claimed outperformed all others.",
            ("outperformed all others.", "it", "claimed"),
        ),
        ("Acme, which says the test was wrong, has left.", ("the test was wrong", "Acme", "says")),
        (
            "Roe said that, contrary to reports, it was solvent.",
            ("contrary to reports, it was solvent.", "Roe", "said"),
        ),
        (f"{BEHIND}, the company said in a statement.", (BEHIND, "the company", "said")),
        (f"{BEHIND}, said Jane Roe, who runs it.", (BEHIND, "Jane Roe", "said")),
        ("The tool invents case law, lawyers complained.", ("The tool invents case law", "lawyers", "complained")),
        ("Executives fear an outage, two people said.", ("Executives fear an outage", "two people", "said")),
        (f"LONDON, May 4 (Wire) - {BEHIND}, Acme said.", (BEHIND, "Acme", "said")),
    ],
)
def test_reported_speech_has_its_speaker(text, claim):
    assert told(text) == [("INDIRECT", *claim)]


def test_what_is_said_may_stand_on_both_sides_of_its_speaker():
    assert told("The outage, Reuters reported, was over by noon.") == [
        ("INDIRECT", "The outage", "was over by noon.", "Reuters", "reported")
    ]


def test_a_second_verb_takes_over():
    assert told("Roe said the app was slow, adding that it would be mended.") == [
        ("INDIRECT", "the app was slow", "Roe", "said"),
        ("INDIRECT", "it would be mended.", "Roe", "adding"),
    ]
    assert [c[1:] for c in told("The start-up said it was sorry; critics say it was not sorry.")] == [
        ("it was sorry", "The start-up", "said"),
        ("it was not sorry.", "critics", "say"),
    ]


def test_a_quotation_goes_before_the_report_it_stands_in():
    assert told('Officials say the plan is dead and "we will fight it in court," Roe said.') == [
        ("INDIRECT", "the plan is dead", "Officials", "say"),
        ("DIRECT", '"we will fight it in court,"', "Roe", "said"),
    ]


def test_what_is_added_belongs_to_the_subject_of_the_sentence():
    text = "A spokesman for Meta declined to comment, saying the matter was before the courts."
    assert told(text) == [("INDIRECT", "the matter was before the courts.", "A spokesman for Meta", "saying")]


@pytest.mark.parametrize(
    ("text", "contents", "source"),
    [
        (
            "According to a Goldman Sachs report, demand will rise by half.",
            ("demand will rise by half.",),
            "a Goldman Sachs report",
        ),
        (
            "The agency will rule in May, according to two people briefed on it.",
            ("The agency will rule in May",),
            "two people briefed on it",
        ),
        ("The outage, according to Acme, lasted nine hours.", ("The outage", "lasted nine hours."), "Acme"),
        ("But according to Roe, a lawyer in Ohio, the app failed twice.", ("the app failed twice.",), "Roe"),
        (
            "The loop failed and, according to a note, the second hall was blocked.",
            ("the second hall was blocked.",),
            "a note",
        ),
        ("Three led to an arrest, as per a list from the court.", ("Three led to an arrest",), "a list from the court"),
    ],
)
def test_according_to_names_the_source(text, contents, source):
    [claim] = said(text)
    assert claim.kind == "ACCORDING_TO"
    assert tuple(words(text, span) for span in claim.content) == contents
    assert words(text, claim.source.span) == source


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "They heard claims by Alibaba that its model wins most tests.",
            ("its model wins most tests.", "Alibaba", "claims"),
        ),
        (
            "Nobody checked OpenAI's recent allegation that a rival copied its answers.",
            ("a rival copied its answers.", "OpenAI", "allegation"),
        ),
        ("The ban followed concerns that the app spies on people.", ("the app spies on people.", None, "concerns")),
        ("Its insistence that the app is safe convinced nobody.", ("the app is safe", "Its", "insistence")),
        (
            "Fears among residents that the hall might burn filled the room.",
            ("the hall might burn", "residents", "Fears"),
        ),
        ("It looked into allegations of price fixing since June.", ("price fixing", None, "allegations")),
    ],
)
def test_a_noun_may_hand_over_a_statement(text, claim):
    assert told(text) == [("NOMINAL", *claim)]


def test_a_noun_hands_over_a_statement_within_another():
    assert told("This is said to echo DeepSeek’s claim that its model competes with others.") == [
        ("UNATTRIBUTED", "echo DeepSeek’s claim that its model competes with others.", None, "is said"),
        ("NOMINAL", "its model competes with others.", "DeepSeek", "claim"),
    ]


@pytest.mark.parametrize(
    ("text", "content", "cue"),
    [
        ("It's understood that one provider closed it.", "one provider closed it.", "understood"),
        ("The grid is said to be close to its limit.", "be close to its limit.", "is said"),
        ("It was reported that the talks had failed.", "the talks had failed.", "was reported"),
        ("It has been claimed, loudly, that it could stop.", "it could stop.", "has been claimed"),
        ("It emerged last week that the agency had paid.", "the agency had paid.", "emerged"),
        ("Rumour has it that a fund may step in.", "a fund may step in.", "Rumour has it"),
    ],
)
def test_hearsay_has_no_source(text, content, cue):
    assert told(text) == [("UNATTRIBUTED", content, None, cue)]


@pytest.mark.parametrize(
    "text",
    [
        "OpenAI did not respond to a request for comment.",
        "Officials have not said whether it was a state.",
        "She declined to say who had paid.",
        "Claims for damages must be filed in June.",
        "Alphabet reported revenue of $96.5 billion, beating estimates.",
        "Nvidia on Tuesday announced the B40, a smaller chip.",
        "The company promised a refund that did not exist.",
        "Trade with the United States follows rules that nobody reads.",
        "The page shows what callers said, from the coast to the border.",
        "If you read only one figure in the report that came out, read this.",
        "Oracle plans to break ground in May.",
        "The regulator asked Alibaba to explain an outage that kept it dark.",
        "The plan that the company made was bad.",
        "",
    ],
)
def test_what_nobody_says_is_no_claim(text):
    assert told(text) == []


def test_another_language_is_not_read():
    text = "Roe said that it was late."
    assert claims(text, sentences(text), NamesRead([], [], [], "the text is in German")) == []


@pytest.mark.parametrize(
    ("text", "triggers", "content"),
    [
        ("Meta has invested $75 billion in halls.", (), "Meta has invested $75 billion in halls."),
        ("Alibaba shares rose 5% following revelations that it had a new model.", (), "Alibaba shares rose 5%"),
        (
            "ByteDance released a model, which it claimed beat all others.",
            ("released a model",),
            "ByteDance released a model",
        ),
        ("DeepSeek was banned in May, Roe said. OpenAI was not.", ("banned",), None),
        ("The minister invested $75 billion.", (), None),
        ("OpenAI had a quiet day.", (), None),
    ],
)
def test_a_text_states_things_in_its_own_voice(text, triggers, content):
    found = own_voice(text, *triggers)
    assert [words(text, claim.content[0]) for claim in found] == ([content] if content else [])
    assert all((claim.kind, claim.source.kind, claim.cue) == ("STATED", "NONE", None) for claim in found)


def test_a_claim_carries_its_hedges_figures_and_reasons():
    text = "It is understood that one American company may pay as much as $5 million."
    [claim] = said(text)
    assert [(h.kind, text[h.start : h.end]) for h in claim.hedges] == [
        ("HEARSAY", "It is understood that"),
        ("MODAL", "may"),
    ]
    assert [(f.value, f.currency, f.qualifier) for f in claim.figures] == [("5000000", "USD", "AT_MOST")]
    assert words(text, claim.anonymous) == "one American company"
    assert claim.reasons == ("hearsay: nobody is named to whom “understood” belongs",)
    assert claim.sentence == 0


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "The ruling matters, said Jean Petit, a lawyer who is not involved in the case.",
            ("INDIRECT", "The ruling matters", "Jean Petit", "said"),
        ),
        (
            "The ruling will not stand, said Jean Petit, a lawyer based in Paris.",
            ("INDIRECT", "The ruling will not stand", "Jean Petit", "said"),
        ),
        (
            "The curbs, said Jean Petit, a lawyer for the firm, will fall on all.",
            ("INDIRECT", "The curbs", "will fall on all.", "Jean Petit", "said"),
        ),
        (
            "The cause, traders said, was DeepSeek.",
            ("INDIRECT", "The cause", "was DeepSeek.", "traders", "said"),
        ),
        (
            "DeepSeek released the method it says makes training cheaper.",
            ("INDIRECT", "makes training cheaper.", "it", "says"),
        ),
        (
            "Investors spent days reading about a Chinese model said to need far fewer chips.",
            ("UNATTRIBUTED", "need far fewer chips.", None, "said"),
        ),
        ("He went home and said to wait for the bus.", ("INDIRECT", "to wait for the bus.", "He", "said")),
    ],
)
def test_only_what_is_said_belongs_to_it_and_only_who_says_it(text, claim):
    assert told(text) == [claim]


@pytest.mark.parametrize(
    "text",
    [
        "A gain of 5.5% in the day's trading suggested that investors were calm.",
        "Specialists in Berlin have pointed to that passage since the application was released.",
        "Google insisted on that point since the app was released.",
    ],
)
def test_things_say_nothing_and_not_every_that_hands_over(text):
    assert told(text) == []
