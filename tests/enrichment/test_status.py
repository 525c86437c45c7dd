import time

import pytest

from riskreview.enrichment import rules
from riskreview.enrichment import status as rule
from riskreview.enrichment.claims import claims
from riskreview.enrichment.linking import read_names
from riskreview.enrichment.signals import signals
from riskreview.lib.text import sentences
from tests.enrichment.names import gazetteer


def status(text, category):
    spans, names = sentences(text), read_names(text, "", gazetteer())
    found = signals(text, spans, names.mentions, names.agencies, claims(text, spans, names))
    return {signal.category: signal for signal in found}[category].status


BAN, LEAK, LAW, RELEASE = "ban_restriction", "data_exposure", "litigation_enforcement", "model_release"
FALSE = "misinformation_content"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("The ministry denied that it had banned DeepSeek.", BAN),
        ("Talk of a ban on DeepSeek is untrue.", BAN),
        ("Rome lifted its ban on DeepSeek.", BAN),
        ("A judge dismissed the lawsuit against OpenAI.", LAW),
        ("There is no evidence that DeepSeek leaked records.", LEAK),
        ("DeepSeek has never leaked records.", LEAK),
        ("Nobody has sued OpenAI over this.", LAW),
        ("Testers could not reproduce the scores of OpenAI.", "performance_claim"),
        ("DeepSeek rejects the suggestion that it copied the source code.", "ip_distillation"),
    ],
)
def test_what_is_denied_or_undone_is_denied(text, category):
    assert status(text, category) == "DENIED"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("DeepSeek reportedly leaked chat records.", LEAK),
        ("It is understood that OpenAI blocked DeepSeek accounts.", "account_action"),
        ("DeepSeek is said to store personal data in China.", LEAK),
        ("OpenAI has, it is rumoured, been sued.", LAW),
        ("DeepSeek was accused of racial bias.", "bias_discrimination"),
        ("Critics say that DeepSeek leaked chat records.", LEAK),
        ("Alibaba claims that its model outperforms GPT-4o.", "performance_claim"),
        ("DeepSeek leaked chat records, a law centre says.", LEAK),
        ("OpenAI said that its model outperforms others.", "performance_claim"),
        ("OpenAI will raise its prices, a reseller has heard.", "pricing"),
        ("There is talk of a lawsuit against OpenAI.", LAW),
        ("OpenAI leaked chat records, OpenAI employees say.", LEAK),
    ],
)
def test_hearsay_accusation_and_the_word_of_others_are_alleged(text, category):
    assert status(text, category) == "ALLEGED"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Officials want to ban DeepSeek.", BAN),
        ("A draft law would prohibit DeepSeek in schools.", BAN),
        ("The state threatens to sue OpenAI.", LAW),
        ("Meta plans to release a new Llama model.", RELEASE),
        ("OpenAI is expected to release a new model.", RELEASE),
        ("OpenAI is preparing to remove bots, its founder told subscribers.", "account_action"),
        ("The next version of DeepSeek will be available in May.", RELEASE),
        ("They urged the council to look into the security of DeepSeek.", "security_review"),
        ("Microsoft is considering the acquisition of a power company.", "investment_ma"),
    ],
)
def test_what_is_planned_or_wanted_is_proposed(text, category):
    assert status(text, category) == "PROPOSED"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Taiwan banned DeepSeek.", BAN),
        ("The White House asked the council to review the security of DeepSeek.", "security_review"),
        ("Researchers found that DeepSeek leaked chat records.", LEAK),
        ("OpenAI admitted that it had leaked chat records.", LEAK),
        ("OpenAI said that it had closed accounts of resellers.", "account_action"),
        ("The ministry said that it had banned DeepSeek.", BAN),
        ("Server logs show that DeepSeek leaked chat records.", LEAK),
        ("DeepSeek may not be used on official devices.", BAN),
        ("No teacher may use DeepSeek at work.", BAN),
        ("DeepSeek was banned without notice.", BAN),
        ("OpenAI was sued, and the court rejected its request.", LAW),
        ("OpenAI, the court filing states, leaked chat records.", LEAK),
        ("Taiwan banned DeepSeek, a notice in the gazette says.", BAN),
        ("Microsoft leaked chat records, the minutes of the meeting say.", LEAK),
        ("A denial-of-service attack by hackers hit DeepSeek.", "vulnerability_attack"),
        ("Not only was DeepSeek banned, its office closed.", BAN),
        ("OpenAI was alleged in a lawsuit to be careless.", LAW),
    ],
)
def test_what_is_told_as_a_fact_is_asserted(text, category):
    assert status(text, category) == "ASSERTED"


@pytest.mark.parametrize("hedge", ["may have", "could have", "possibly"])
def test_possibility_alone_changes_nothing(hedge):
    assert status(f"A bug at DeepSeek {hedge} exposed chat records.", LEAK) == "ASSERTED"


def test_a_hedge_between_commas_governs_only_what_stands_there():
    text = "DeepSeek, which reportedly employs 200 people, was banned in Taiwan."
    assert status(text, BAN) == "ASSERTED"
    assert status("DeepSeek, reportedly, was banned in Taiwan.", BAN) == "ALLEGED"


def test_a_hedge_behind_a_comma_speaks_of_something_else():
    assert status("Taiwan banned DeepSeek, allegedly out of fear.", BAN) == "ASSERTED"
    assert status("Taiwan banned DeepSeek reportedly.", BAN) == "ALLEGED"


def test_a_denial_in_another_clause_denies_something_else():
    text = "Taiwan banned DeepSeek, while OpenAI denied the report."
    assert status(text, BAN) == "ASSERTED"


def test_what_is_said_by_the_way_of_somebody_is_no_part_of_the_clause():
    assert status("DeepSeek, which denies any wrongdoing, was banned in Taiwan.", BAN) == "ASSERTED"


def test_a_denial_outweighs_hearsay_and_a_claim_a_plan():
    assert status("DeepSeek denies that it reportedly leaked chat records.", LEAK) == "DENIED"
    assert status("Critics say that OpenAI will raise its prices.", "pricing") == "ALLEGED"


def test_the_staff_of_a_vendor_is_not_the_vendor():
    assert status("OpenAI employees say that OpenAI leaked chat records.", LEAK) == "ALLEGED"


@pytest.mark.parametrize(
    "hostile",
    [
        ", which " * 250,
        "no " * 660,
        "not, " * 400,
        ", a b says " * 180,
        "the report of the " * 110,
        "ended the a b " * 140,
        "a" * 2_000,
        "," * 2_000,
        " " * 2_000,
    ],
)
@pytest.mark.parametrize("key", sorted(rules.load("status")))
def test_every_pattern_is_quick_on_hostile_text(key, hostile):
    started = time.process_time()
    sum(1 for _ in rule.PATTERNS[key].finditer(hostile))
    assert time.process_time() - started < 0.05


@pytest.mark.parametrize(
    ("text", "category", "wanted"),
    [
        ("OpenAI is about to release a new browser, three people familiar with the plan said.", RELEASE, "PROPOSED"),
        ("Critics say that OpenAI is about to release a new browser.", RELEASE, "ALLEGED"),
        ("Couriers accuse OpenAI of tracking workers.", "surveillance_misuse", "ALLEGED"),
        ("The inquiry asks whether OpenAI leaked chat records.", LEAK, "ALLEGED"),
        ("OpenAI told the ministry that it had not leaked chat records.", LEAK, "DENIED"),
        ("OpenAI made up books that have not been written.", FALSE, "ASSERTED"),
        ("OpenAI will pay $3m to settle a lawsuit.", LAW, "ASSERTED"),
        ("OpenAI called reports of a leak of chat records complete nonsense.", LEAK, "DENIED"),
        ("Annotators at OpenAI told a paper that chat records had leaked.", LEAK, "ALLEGED"),
    ],
)
def test_who_tells_of_it_and_when_decides_between_the_statuses(text, category, wanted):
    assert status(text, category) == wanted
