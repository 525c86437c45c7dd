import pytest

from riskreview.enrichment.roles import role


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("It said so on its official WeChat account.", "WeChat", "CHANNEL"),
        ("Users posted it to TikTok.", "TikTok", "CHANNEL"),
        ("A clip spread on Facebook, Instagram and TikTok.", "TikTok", "CHANNEL"),
        ("In a WhatsApp message he agreed.", "WhatsApp", "CHANNEL"),
        ("Thousands of Telegram channels were closed.", "Telegram", "CHANNEL"),
        ("The ban on TikTok passed.", "TikTok", "TARGET"),
        ("Lawmakers imposed new rules on Facebook.", "Facebook", "OTHER"),
        ("Concerns over TikTok grew.", "TikTok", "TARGET"),
        ("A letter to Facebook went unanswered.", "Facebook", "OTHER"),
        ("It runs on DeepSeek.", "DeepSeek", "OTHER"),
        ("Microsoft-backed OpenAI grew.", "Microsoft", "MODIFIER"),
        ("TikTok owner ByteDance grew.", "TikTok", "MODIFIER"),
        ("ChatGPT maker OpenAI grew.", "ChatGPT", "MODIFIER"),
        ("According to a Goldman Sachs report, demand grows.", "Goldman Sachs", "SOURCE"),
        ("Claims by Alibaba that it won.", "Alibaba", "SOURCE"),
        ("DeepSeek’s claim that it won.", "DeepSeek", "SOURCE"),
        ("“We won,” Alibaba's cloud unit noted.", "Alibaba", "SOURCE"),
        ("OpenAI said it would appeal.", "OpenAI", "SOURCE"),
        ("A spokesman for Meta was not there.", "Meta", "SOURCE"),
        ("ByteDance also released an update.", "ByteDance", "AGENT"),
        ("Microsoft and BlackRock which partnered to build.", "Microsoft", "AGENT"),
        ("OpenAI’s terms of service.", "OpenAI", "AGENT"),
        ("DeepSeek disclosed the leak.", "DeepSeek", "AGENT"),
        ("It blocked DeepSeek accounts.", "DeepSeek", "TARGET"),
        ("Risks linked to DeepSeek’s growth.", "DeepSeek", "TARGET"),
        ("The company was fined, and Meta was sued.", "Meta", "TARGET"),
        ("Meta has been ordered to stop.", "Meta", "TARGET"),
        ("The DeepSeek ban came late.", "DeepSeek", "TARGET"),
        ("Companies like ByteDance and others.", "ByteDance", "OTHER"),
        ("", "", "OTHER"),
    ],
)
def test_the_first_rule_that_holds_gives_the_role(text, name, expected):
    start = text.index(name)
    assert role(text, start, start + len(name), name) == expected


def test_only_a_place_where_things_are_said_is_a_channel():
    text = "They said so on OpenAI."
    assert role(text, text.index("OpenAI"), len(text) - 1, "OpenAI") == "OTHER"
