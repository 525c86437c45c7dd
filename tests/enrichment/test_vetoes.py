"""Each veto has a sentence, and each name with a veto a sentence that it must leave alone."""

import pytest

from riskreview.enrichment.believing import VETOES
from riskreview.enrichment.linking import mentions
from riskreview.vendors.matching import Gazetteer, Name, NameKind
from tests.enrichment.names import names

VETOED = [
    ("Apple", "before", "The Big Apple has an app for its parks."),
    ("Apple", "after", "She baked an Apple crumble for the company."),
    ("Amazon", "before", "Loggers use robots in the upper Amazon these days."),
    ("Amazon", "after", "The Amazon tribes use an app to report fires."),
    ("Amazon", "near", "Drones watch over Amazon tracts where deforestation is worst."),
    ("Meta", "after", "The Meta physics of the model is discussed online."),
    ("Meta", "near", "Ron Artest, later Meta, opened an online platform."),
    ("Alphabet", "before", "The Greek Alphabet is taught with an app."),
    ("Alphabet", "after", "The Alphabet song is the most played on the app."),
    ("Alphabet", "near", "Children learn the Alphabet with software."),
    ("Oracle", "before", "The Delphic Oracle was asked about the company."),
    ("Oracle", "after", "They called him Oracle of the markets and of software."),
    ("Oracle", "near", "Users ask the Oracle online about their future."),
    ("Tesla", "before", "The company scanned him in a 3 Tesla machine."),
    ("Tesla", "after", "The Tesla valve has no moving parts, the company says."),
    ("Cruise", "before", "The company hired Tom Cruise for an online ad."),
    ("Cruise", "after", "Cruise passengers use an app to book tours."),
    ("Command", "before", "U.S. Cyber Command bought software."),
    ("Command", "after", "A Command post was lit by software."),
    ("Snap", "after", "A Snap poll of users took an hour."),
    ("Telegram", "before", "The Sunday Telegram launched an app."),
    ("Telegram", "near", "The ambassador sent a Telegram home about the company."),
    ("Clearview", "person_after", "Clearview Elementary bought new software."),
    ("Moonshot", "before", "The minister called the app a Moonshot for the country."),
    ("Moonshot", "after", "Their Moonshot programme trains developers."),
    ("Claude", "before", "Mr. Claude chaired the software company."),
    ("Claude", "person_after", "Claude Dubois founded a software company."),
    ("Gemini", "before", "The exchange Gemini has an app for customers."),
    ("Gemini", "after", "The Gemini spacecraft flew without software."),
    ("Gemini", "after_version", "Gemini 4 astronauts had no software to speak of."),
    ("Gemini", "near", "The app promised Gemini a calm week in its horoscope."),
    ("Bard", "before", "C. R. Bard sold the company's unit."),
    ("Bard", "near", "The theatre company will play the Bard all summer."),
    ("Mistral", "before", "Gabriela Mistral is quoted by chatbots."),
    ("Mistral", "after", "A Mistral wind stopped the company's trains."),
    ("Mistral", "near", "The company was closed by the Mistral on Sunday."),
    ("Llama", "before", "The Dalai Llama has an app, the leaflet said."),
    ("Llama", "after", "Llama wool is sold online."),
    ("Kimi", "after", "Kimi Raikkonen tested the software."),
    ("Ernie", "before", "Bert and Ernie are in the app."),
    ("Ernie", "person_after", "Ernie Smith wrote the software."),
    ("ERNIE", "near", "The winners of the Premium Bonds are drawn by ERNIE, not by software."),
    ("Watson", "person_before", "Emily Watson invested in the app."),
    ("Watson", "person_after", "Watson Brown wrote the software."),
    ("Nova", "before", "The app teaches bossa Nova to beginners."),
    ("Nova", "after", "Nova Lisboa was renamed, the app said."),
    ("Titan", "near", "Software steered the submersible Titan that day."),
    ("Titan", "after_version", "A Titan 2 rocket needs no software, they said."),
    ("Opus", "before", "The model was called his magnum Opus by users."),
    ("Opus", "after", "Opus 27 is on the platform."),
    ("Opus", "after_version", "Opus 9 was played on the platform."),
    ("Whisper", "before", "They spoke in a Whisper about the company."),
    ("Copilot", "after", "The Copilot landed the plane without software."),
    ("R1", "before", "The app sends drivers to junction R1 at noon."),
    ("Blackwell", "person_before", "Morton Blackwell founded the company."),
    ("R1", "after", "The app shows R1 motorcycles to users."),
    ("Meta", "before", "Colombia's Meta has an app for farmers."),
    ("Watson", "near", "For the model of it Crick and Watson shared the prize."),
    ("Kimi", "person_after", "Kimi Antonelli tested the software."),
    ("Alexa", "person_after", "The app was shown by Alexa Brunner last week."),
    ("Siri", "person_after", "The app was shown by Siri Lindqvist last week."),
    ("GPT", "after", "The software writes a GPT partition first."),
    ("GPT", "near", "With UEFI firmware the software expects GPT on it."),
    ("GLM", "after", "A GLM fit takes the software a second."),
    ("GLM", "near", "The software does logistic and GLM in one call."),
    ("Gemma", "before", "His daughter Gemma wrote the app."),
    ("Gemma", "person_after", "Gemma Jones wrote the app."),
    ("Grok", "near", "It took users years to Grok the app."),
    ("Threads", "before", "The company weaves red Threads into its logo."),
    ("Threads", "after", "Threads of software run through the company."),
    ("Sora", "after", "The Sora rail has its own app."),
    ("Sora", "near", "In Kingdom Hearts the user plays Sora online."),
    ("o1", "before", "Marco-o1 is a model of another company."),
    ("o1", "after", "The company's developers hold o1 visas."),
    ("o3", "before", "The Skywork-o3 model is another company's."),
    ("o3", "near", "The app warns of o3 when ozone is high."),
    ("V3", "before", "The Raptor V3 engine runs on new software."),
    ("V3", "after", "A V3 cannon stood outside the company."),
    ("V2", "before", "The German V2 was steered without software."),
    ("V2", "after", "V2 rockets were steered without software."),
    ("K2", "before", "The Solar-K2 model is another company's."),
    ("K2", "near", "An app led climbers up K2 this year."),
    ("Bedrock", "before", "The company drilled into solid Bedrock on Monday."),
    ("Bedrock", "after", "Trust is the Bedrock of the platform."),
    ("Bedrock", "near", "The Flintstones of Bedrock have an app."),
    ("Echo", "before", "A faint Echo came from the company's hall."),
    ("Echo", "after", "The Echo chamber of social media grows."),
    ("Ring", "before", "He bought the wedding Ring online."),
    ("Ring", "after", "The Ring road is closed, the app said."),
    ("Sonnet", "before", "Shakespeare's Sonnet was written by a chatbot."),
    ("Sonnet", "after", "A Sonnet by a chatbot won."),
    ("Haiku", "before", "The chatbot wrote a Japanese Haiku at once."),
    ("Haiku", "after", "A Haiku about the company won."),
    ("High Flyer", "before", "She was a High Flyer at the company."),
    ("Model Studio", "before", "The railway Model Studio has an app."),
    ("Perplexity", "before", "Users stared at the app in utter Perplexity."),
    ("Perplexity", "after", "The Perplexity of the model fell."),
    ("Cohere", "near", "The chapters of the model never Cohere."),
    ("Stability", "before", "The platform threatens financial Stability in the country."),
    ("Stability", "after", "The Stability Board warned companies about models."),
    ("Operator", "before", "The tour Operator launched an app."),
    ("Operator", "after", "The Operator of the platform was fined."),
    ("Codex", "before", "The company scanned a medieval Codex for users."),
    ("Codex", "after", "The Codex Sinaiticus is online."),
    ("Ascend", "before", "Climbers Ascend with the help of an app."),
    ("Ascend", "after", "Drones Ascend from the company's yard."),
    ("Pangu", "near", "The game platform tells the myth in which Pangu parts the sky."),
    ("Foundry", "before", "The iron Foundry bought software."),
    ("Foundry", "after", "Foundry workers sued the company."),
    ("Gotham", "before", "The lights of Gotham are run by software."),
    ("Gotham", "after", "Gotham City has an app."),
    ("Gotham", "near", "Batman keeps Gotham safe without software."),
    ("Granite", "before", "The company's lobby is of black Granite."),
    ("Granite", "after", "Granite counters are sold online."),
    ("Imagen", "after", "Imagen Televisión launched an app."),
    ("Kindle", "before", "The app will Kindle hopes."),
    ("Kindle", "after", "Apps Kindle a fire in developers."),
    ("Mac", "before", "Fleetwood Mac is on the platform."),
    ("Mac", "after", "Mac and cheese is delivered by the app."),
    ("Mac", "person_after", "Mac Jones invested in the app."),
    ("Uber", "before", "The app is so Uber that users laugh."),
    ("Uber", "after", "Uber-fans of the app queued."),
    ("FAIR", "before", "THE PLATFORM IS NOT FAIR to users."),
    ("FAIR", "after", "FAIR data helps developers."),
    ("Command R", "after", "Press Command R to reload the app."),
    ("Aya", "before", "His sister Aya founded the company."),
    ("Aya", "person_after", "Aya Nakamura is on the platform."),
    ("Phi", "before", "The app draws the letter Phi for users."),
    ("Phi", "after", "Phi Kappa Tau has an app."),
    ("Phi", "near", "The app finds the golden ratio Phi in pictures."),
    ("Azure", "after", "The Azure Coast has an app."),
    ("Bing", "before", "Rudolf Bing never used software."),
    ("Bing", "after", "Bing Crosby is on the platform."),
]
KEPT = [
    ("Apple", "Apple pays developers of apps."),
    ("Amazon", "The Amazon warehouse uses software."),
    ("Meta", "Meta trains its models online."),
    ("Alphabet", "The Alphabet unit trains models."),
    ("Oracle", "An Oracle spokesman praised the software."),
    ("Tesla", "A 2019 Tesla ignored its driver assistant."),
    ("Cruise", "Cruise cars drive without drivers."),
    ("Telegram", "Users sent a Telegram message to the company."),
    ("Claude", "Claude Code is a tool for developers."),
    ("Claude", "Claude Refuses Users Who Ask Chatbots About Secrets"),
    ("Gemini", "Google puts Gemini models into its app."),
    ("Gemini", "Gemini 2.5 writes mission statements and software."),
    ("Bard", "The Bard chatbot of the company was renamed."),
    ("Mistral", "The Mistral model is open source."),
    ("Watson", "IBM Watson software reads scans."),
    ("Whisper", "The Whisper model invents sentences."),
    ("Copilot", "The Copilot app is in all office software."),
    ("Blackwell", "Nvidia Blackwell chips are sold out."),
    ("Grok", "Users switched to Grok after the app was banned."),
    ("Threads", "The app Threads has users."),
    ("Sora", "The Sora app makes deepfakes."),
    ("Ring", "The Ring doorbell app gave police videos."),
    ("Echo", "An Echo speaker recorded users."),
    ("Perplexity", "Publishers signed with Perplexity, the chatbot company."),
    ("Stability", "The founder of Stability left the AI company."),
    ("Operator", "The Operator agent ordered groceries in the app."),
    ("Uber", "An Uber driver was logged out of the app."),
    ("Mac", "The Mac runs the model."),
    ("o1", "The o1 model costs more."),
    ("R1", "The R1 model cost less."),
]


def read(surface, text):
    """The mentions, were the name a vendor's that context speaks for."""
    kind = NameKind.PRODUCT_WEAK if surface in ("Titan", "Opus", "Gemini") else NameKind.WEAK
    weak = Gazetteer([Name(surface, kind, 1, prior=5_000)], "test")
    return [found for found in mentions(text, "", weak) if found.surface.startswith(surface)]


def matched(surface, part, text):
    """Whether this part of the veto is what rejects the name."""
    start = text.index(surface)
    end = start + len(surface) + (2 if part == "after_version" else 0)
    pattern = VETOES[surface].patterns[part]
    if part.endswith("before"):
        return pattern.search(text[:start])
    return pattern.match(text[end:]) if "after" in part else pattern.search(text)


@pytest.mark.parametrize(("surface", "part", "text"), VETOED)
def test_a_veto_rejects_a_name_whatever_else_speaks_for_it(surface, part, text):
    assert matched(surface, part, text)
    assert read(surface, text) == []


@pytest.mark.parametrize(("surface", "text"), KEPT)
def test_a_veto_leaves_the_vendor_alone(surface, text):
    assert len(read(surface, text)) == 1


def test_each_part_of_each_veto_has_a_sentence():
    parts = {(surface, part) for surface, veto in VETOES.items() for part in veto.patterns}
    assert {(surface, part) for surface, part, _ in VETOED} == parts


WEAK = sorted({name.text for name in names() if name.kind in (NameKind.WEAK, NameKind.PRODUCT_WEAK)})


@pytest.mark.parametrize("surface", [text for text in WEAK if text.isascii()])
def test_a_weak_name_in_the_middle_of_another_name_means_no_vendor(surface):
    weak = Gazetteer([Name(surface, NameKind.PRODUCT_WEAK, 1)], "test")
    for text in (f"Her friend {surface} Ferrand sang by the river.", f"They walked down {surface} Street to church."):
        assert [found for found in mentions(text, "", weak) if found.state == "ACCEPTED"] == []
