import re

import pytest

from riskreview.enrichment.agencies import AGENCIES, surfaces
from riskreview.enrichment.linking import read_names
from tests.enrichment import seed
from tests.enrichment.names import gazetteer


def bodies(text, title=""):
    return [(found.surface, found.key) for found in read_names(text, title, gazetteer()).agencies]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The White House asked the National Security Council.", ["us-white-house", "us-nsc"]),
        ("The European Data Protection Board and the CNIL met.", ["eu-edpb", "fr-cnil"]),
        ("Britain's Information Commissioner's Office wrote.", ["uk-ico"]),
        ("Britain’s Information Commissioner’s Office wrote.", ["uk-ico"]),
        ("The Cyberspace Administration of China (CAC) drafted rules.", ["cn-cac", "cn-cac"]),
        ("国家网信办约谈了公司。", ["cn-cac"]),
        ("개인정보보호위원회는 앱을 차단했다.", ["kr-pipc"]),
        ("個人情報保護委員会は注意を呼びかけた。", ["jp-ppc"]),
        ("Решение Роскомнадзора вступило в силу.", ["ru-roskomnadzor"]),
        ("WHITE HOUSE ASKS FOR REVIEW OF THE APP", ["us-white-house"]),
        ("The FTC ordered the company to stop.", ["us-ftc"]),
        ("Italy's Garante blocked the app.", ["it-garante"]),
    ],
)
def test_it_names_the_body(text, expected):
    assert [key for _, key in bodies(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The coin's ICO raised funds in Britain for a crypto company.",
        "The BIS in Basel warned central banks.",
        "The Seoul-based FTC fined the search engine.",
        "The SEC championship was won by the Bulldogs.",
        "The CAC 40 index fell in Paris.",
        "The Indian National Congress lost seats.",
        "She earned a commission. The Commission of a portrait takes weeks.",
        "A PPC campaign for an app in Japan costs more.",
        "He works at a home office desk.",
        "Whitehouse Pictures and NSCience are names.",
    ],
)
def test_it_leaves_other_meanings_alone(text):
    assert bodies(text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The Federal Trade Commission sued. The Commission wants a trial.", "us-ftc"),
        ("The European Commission wrote to it. The Commission wants answers.", "eu-commission"),
        (
            "The FTC and the Federal Trade Commission met the European Commission. The Commission wants answers.",
            "eu-commission",
        ),
        ("The European Commission met the Federal Trade Commission. The Commission wants answers.", "us-ftc"),
    ],
)
def test_a_short_form_means_the_body_last_named_in_full(text, key):
    assert bodies(text)[-1] == ("Commission", key)


def test_the_title_names_in_full_too():
    text = "Companies were warned. The Commission wants answers."
    assert bodies(text) == []
    assert bodies(text, title="European Commission asks for answers") == [("Commission", "eu-commission")]


@pytest.mark.parametrize(
    ("place", "key"), [("Seoul", "kr-pipc"), ("South Korea", "kr-pipc"), ("Tokyo", "jp-ppc"), ("Japan", "jp-ppc")]
)
def test_bodies_of_one_name_are_told_apart_by_their_country(place, key):
    text = f"The Personal Information Protection Commission in {place} stopped downloads of the app."
    assert bodies(text) == [("Personal Information Protection Commission", key)]


def test_between_equals_it_does_not_guess():
    assert bodies("The Fair Trade Commission fined the company for its monopoly.") == []


def test_a_short_form_needs_its_article_outside_its_span():
    text = "Brussels is busy. The Commission opened a probe under the DSA. A Commission is not meant."
    [found] = read_names(text, "", gazetteer()).agencies
    assert text[found.start : found.end] == found.surface == "Commission"
    assert text[: found.start].endswith("The ")


def test_the_reasons_say_what_spoke_for_a_body():
    [found] = read_names("In Washington the FTC ordered a settlement.", "", gazetteer()).agencies
    assert found.reasons == (
        "a well-known short form (+0.6)",
        "its country in the sentence (+1.0)",
        "words of its work in the sentence: ordered, settlement (+1.4)",
    )


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The White House has asked for a review.", "AGENT"),
        ("The company sued the White House.", "TARGET"),
        ("According to the White House, it is safe.", "SOURCE"),
        ("They met near the White House.", "OTHER"),
    ],
)
def test_a_body_has_a_role(text, role):
    assert [found.role for found in read_names(text, "", gazetteer()).agencies] == [role]


def test_the_list_is_of_the_world_and_in_order():
    assert len(AGENCIES) >= 60
    assert len({agency.jurisdiction for agency in AGENCIES.values()}) >= 25
    assert all(re.fullmatch(r"[a-z]{2}(-[a-z]+)+", key) for key in AGENCIES)
    assert all(len(key) <= 40 for key in AGENCIES)
    prefixes = {"GB": "uk"}
    assert all(key.startswith(prefixes.get(a.jurisdiction, a.jurisdiction.lower())) for key, a in AGENCIES.items())


@pytest.mark.parametrize("text", sorted(text for text, surface in surfaces().items() if surface.strong))
def test_each_name_without_doubt_is_found(text):
    found = bodies(f"It was told to {text} today.") + bodies(f"「{text}」")
    assert found == [(text, surfaces()[text].strong)] * 2


@seed.needs_seed
def test_the_bodies_of_the_seed_article():
    wanted = {(m["start"], m["end"], m["entity"]) for m in seed.expected()["mentions"] if m["kind"] == "agency"}
    got = {(f.start, f.end, f.key) for f in read_names(seed.text(), "", gazetteer()).agencies}
    assert got == wanted
