"""How many sources say so."""

import pytest

from riskreview.enrichment.corroboration import Primary, Report, corroborated, is_outlet, primary

BANK = Primary("document:goldman report")
TOLD_ON = Primary("outlet:bloomberg", passed_on=True)


def report(document, origin, source=Primary(), grade="B2", **more):  # noqa: B008 - it never changes
    return Report(document, origin, source, grade[0], int(grade[1]), **more)


@pytest.mark.parametrize(
    ("reports", "independent", "told"),
    [
        ([], 0, "0 documents, 0 origins"),
        ([report(1, "a")], 1, "1 document, 1 origin"),
        # a wire in five papers
        ([report(n, "a") for n in range(5)], 1, "5 documents, 1 origin"),
        # five papers that each wrote about one bank report
        ([report(n, f"o{n}", BANK) for n in range(5)], 1, "5 documents, 5 origins, 1 primary source"),
        # one text that names two sources for it
        (
            [report(1, "a", BANK), report(1, "a", Primary("agency:us-nsc"))],
            2,
            "1 document, 1 origin, 2 primary sources",
        ),
        # the same text with the attribution cut off
        ([report(1, "a", BANK), report(2, "a")], 1, "2 documents, 1 origin, 1 primary source"),
        # two of their own knowledge, and one that names a source
        ([report(1, "a"), report(2, "b"), report(3, "c", BANK)], 3, "3 documents, 3 origins, 1 primary source"),
        # what another outlet reported adds nothing
        (
            [report(1, "a"), report(2, "b", TOLD_ON), report(3, "c", TOLD_ON)],
            1,
            "3 documents, 3 origins",
        ),
        # too weak to count
        (
            [report(1, "a", grade="D1"), report(2, "b", grade="C4"), report(3, "c", grade="F6")],
            0,
            "3 documents, 3 origins",
        ),
        ([report(1, "a", grade="C3"), report(2, "b", grade="A1")], 2, "2 documents, 2 origins"),
    ],
)
def test_sources_are_counted_and_not_documents(reports, independent, told):
    found = corroborated(reports)
    assert (found.independent, str(found)) == (independent, told)


def test_the_order_of_the_reports_makes_no_difference():
    reports = [report(1, "a", BANK), report(2, "a"), report(3, "b", TOLD_ON), report(4, "c")]
    assert corroborated(reports).supporting == corroborated(reversed(reports)).supporting == {BANK.key, "c"}


def test_it_is_corroborated_by_two_unless_as_many_dispute_it():
    two = [report(1, "a"), report(2, "b")]
    assert corroborated(two).is_corroborated
    assert not corroborated(two[:1]).is_corroborated
    assert corroborated([*two, report(3, "c", disputes=True)]).is_corroborated
    disputed = corroborated([*two, report(3, "c", disputes=True), report(4, "d", disputes=True)])
    assert (disputed.is_corroborated, len(disputed.disputing)) == (False, 2)


def test_context_supports_nothing_and_disputes_nothing():
    found = corroborated([report(1, "a"), report(2, "b", is_context=True), report(3, "c", disputes=True)])
    assert (found.supporting, found.disputing, found.context) == ({"a"}, {"c"}, {"b"})
    # What supports it as well is no mere context.
    assert corroborated([report(1, "a", BANK), report(2, "b", BANK, is_context=True)]).context == set()
    assert not corroborated([report(1, "a"), report(2, "b", is_context=True)]).is_corroborated


@pytest.mark.parametrize(
    ("given", "key", "passed_on"),
    [
        ({"kind": "VENDOR", "vendor": 7, "name": "OpenAI"}, "vendor:7", False),
        ({"kind": "AGENCY", "agency": "us-nsc", "name": "the council"}, "agency:us-nsc", False),
        ({"kind": "PERSON", "name": "Ada Roe"}, "person:ada roe", False),
        ({"kind": "PERSON", "name": "Ada M. Roe, who heads the office"}, "person:ada roe", False),
        ({"kind": "PERSON", "name": "Dr. Ada Roe of the Garante"}, "person:ada roe", False),
        ({"kind": "PERSON", "name": "spokeswoman Ada Roe"}, "person:ada roe", False),
        ({"kind": "PERSON", "name": "Ms Roe"}, "person:roe", False),
        ({"kind": "PERSON", "name": "Roe’s"}, "person:roe", False),
        ({"kind": "DOCUMENT", "name": "a  Goldman report"}, "document:a goldman report", False),
        ({"kind": "DOCUMENT", "name": "the Financial Times"}, "outlet:the financial times", True),
        ({"kind": "PERSON", "name": "Bloomberg News"}, "outlet:bloomberg news", True),
        ({"kind": "PERSON", "name": "Reuters"}, "outlet:reuters", True),
        ({"kind": "ANONYMOUS", "name": "people familiar with the matter"}, "", False),
        ({"kind": "NONE"}, "", False),
        ({"kind": "VENDOR"}, "", False),
    ],
)
def test_a_claim_goes_back_to_somebody(given, key, passed_on):
    found = primary(given.pop("kind"), **given)
    assert (found.key, found.passed_on) == (key, passed_on)


def person(name):
    return primary("PERSON", name=name)


@pytest.mark.parametrize(
    ("names", "known_as"),
    [
        (["Marie Duval", "Duval"], ["Marie Duval"]),
        (["Duval", "Ms Duval", "Marie Duval, a spokeswoman"], ["Marie Duval, a spokeswoman"]),
        (["Marie Duval", "Jean Duval"], ["Jean Duval", "Marie Duval"]),
        (["Marie Duval", "Jean Duval", "Duval"], ["Jean Duval", "Marie Duval"]),
        (["Duval"], ["Duval"]),
    ],
)
def test_a_person_named_by_the_last_name_is_the_one_named_in_full(names, known_as):
    found = corroborated(report(n, f"o{n}", person(name)) for n, name in enumerate(names))
    assert (found.independent, sorted(found.names[key] for key in found.primaries)) == (len(known_as), known_as)


def test_an_outlet_whose_report_is_passed_on_is_no_primary_source():
    found = corroborated([report(1, "a", primary("PERSON", name="Reuters")), report(2, "b", person("Ada Roe"))])
    assert (found.primaries, found.passed_on) == ({"person:ada roe"}, {"outlet:reuters"})


def test_outlets_are_known_by_name():
    assert is_outlet("The Guardian")
    assert not is_outlet("Guardian Analytics")
