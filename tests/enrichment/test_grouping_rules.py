"""What counts as one origin in an archive: wires, lists, disclaimers, halves, credits, and named sources."""

import pytest

from riskreview.enrichment import standing
from riskreview.evidence.models import CommonWording, Document, Origin, OriginLink, Story
from tests.enrichment import wires
from tests.enrichment.wires import Printed, placed

pytestmark = pytest.mark.django_db
QUOTE = (
    '"We are not talking about a forgotten folder, we are talking about a promise that nobody was asked to keep," said'
)


def own_report(number, text):
    """A report of its own that has the quote of the wire."""
    return Printed(f"own-{number}", f"{text}\n\n{QUOTE} Inês Cordeiro.", 0.3 + number, f"own{number}")


def test_one_wire_in_thirty_outlets_and_three_independent_reports_are_four_origins():
    for outlet in range(30):
        text = (wires.HARBOUR, wires.recredited(wires.HARBOUR), wires.cut(wires.HARBOUR))[outlet % 3]
        placed(Printed(f"paper-{outlet:02}", text, outlet / 20, f"paper{outlet}"))
    placed(own_report(0, wires.REWRITES["harbour"]))
    pensioner = (
        "A pensioner from Braga asked Anthropic for her voice recordings, and the data protection office listened."
    )
    placed(own_report(1, f"{pensioner} Customers who cancel the chatbot leave more behind in Portugal than they know."))
    office = "The Portuguese data protection office doubts that Anthropic deletes recordings of the voice of customers."
    placed(own_report(2, f"{office} Fines may follow, its head said at a hearing about the chatbot in Braga."))
    told = standing.of_story(Document.objects.get(key__endswith="paper-00"))
    assert str(told) == "33 documents, 4 origins"
    assert Story.objects.count() == 1
    assert Origin.objects.count() == 4
    assert len(standing.copies(Document.objects.get(key__endswith="paper-07"))) == 30


def test_eight_lists_of_one_publisher_stay_eight_origins():
    for week in range(8):
        placed(Printed(f"prices-{week}", wires.price_list(week), week * 0.5, "exchange"))
        if week == 1:
            link = OriginLink.objects.get()
            assert (link.relation, "with other figures" in link.why) == ("SHARES", True)
    assert len(wires.origins()) == 8


def test_a_disclaimer_that_all_have_makes_no_origin():
    for number in range(12):
        placed(Printed(f"note-{number}", wires.note(number), number * 0.1, "broker"))
    assert len(wires.origins()) == 12
    assert CommonWording.objects.exists()


def test_a_story_that_is_printed_everywhere_is_no_template():
    for outlet in range(12):
        placed(Printed(f"paper-{outlet}", wires.PORT, outlet / 10, f"paper{outlet}"))
    assert (len(wires.origins()), CommonWording.objects.count()) == (1, 0)


def test_a_publishers_own_editions_of_one_text_are_no_habit_of_its():
    for edition in range(9):
        placed(Printed(f"edition-{edition}", wires.PORT, edition / 10, "paper"))
    assert (len(wires.origins()), CommonWording.objects.count()) == (1, 0)


def test_a_text_made_of_two_does_not_make_them_one():
    one, other = wires.BANK, wires.PORT
    half = one[: len(one) // 2].rpartition("\n\n")[0] + other[len(other) // 2 :]
    placed(Printed("bank", one, 0, "a"))
    placed(Printed("port", other, 0.1, "b"))
    both = placed(Printed("half", half, 0.2, "c"))
    assert sorted(map(len, wires.origins())) == [1, 2]
    links = OriginLink.objects.filter(b=both)
    assert set(links.values_list("relation", flat=True)) == {"DERIVED"}
    assert links.count() == 2


def test_a_link_has_the_passage_of_both_texts_and_what_is_added():
    wire = placed(Printed("wire", wires.FERRY, 0, "a"))
    copy = placed(Printed("copy", f"{wires.FERRY}\n\nThe mayor of Bergen wants to know more about it.", 1, "b"))
    link = OriginLink.objects.get()
    passages = {wire.newest.text[link.a_start : link.a_end], copy.newest.text[link.b_start : link.b_end]}
    assert len(passages) == 1
    assert len(passages.pop().split()) > 30
    assert (link.adds, link.relation) == (1, "COPY")


def test_a_page_that_names_its_source_belongs_to_it_whoever_comes_first():
    given = {"publisher": "paper", "canonical": "https://wire.example/port"}
    short = "Smuggled cards were found in Rotterdam, customs said."
    placed(Printed("first", short, 0.5, **given))
    assert wires.origins() == [["first"]]
    placed(Printed("port", wires.PORT, 0, "wire"))
    placed(Printed("second", f"{short} Two men were held.", 1, **given))
    assert wires.origins() == [["first", "port", "second"]]
    assert OriginLink.objects.first().why.startswith("One names the other as the place its text is from")


def test_an_agency_that_both_credit_is_one_source_if_a_passage_is_shared():
    head = "OSLO (Reuters) - "
    shared = wires.FERRY.split("\n\n")[0]
    own = [wires.PORT, wires.BANK + "\n\n" + wires.SCHOOLS[:200]]
    for number, text in enumerate(own):
        placed(Printed(f"credited-{number}", f"{head}{shared}\n\n{text}", number, f"a{number}"))
    assert wires.origins() == [["credited-0", "credited-1"]]
    for number, text in enumerate(own):
        placed(Printed(f"own-{number}", f"{shared}\n\n{text}", 60 + number, f"b{number}"))
    assert wires.origins() == [["credited-0", "credited-1"], ["own-0"], ["own-1"]]


def test_an_older_copy_that_comes_late_becomes_the_root_and_the_origin_keeps_its_number():
    first = placed(Printed("wire", wires.BANK, 0, "a"))
    placed(Printed("copy", wires.BANK, 1, "b"))
    number = first.origin_id
    older = placed(Printed("older", wires.BANK, -1, "c"))
    origin = Origin.objects.get()
    assert (origin.pk, origin.root) == (number, older)


def test_documents_more_than_six_weeks_apart_are_not_compared():
    placed(Printed("wire", wires.BANK, 0, "a"))
    placed(Printed("again", wires.BANK, 60, "b"))
    assert wires.origins() == [["again"], ["wire"]]


def test_the_copy_tree_names_parents_before_children():
    for place, (key, text) in enumerate({"wire": wires.BANK, "cut": wires.cut(wires.BANK), "full": wires.BANK}.items()):
        placed(Printed(key, text, place, key))
    branches = standing.copies(Document.objects.get(key__endswith="cut"))
    told = [(branch.document.publisher, branch.depth, branch.link and branch.link.relation) for branch in branches]
    assert told == [("wire", 0, None), ("cut", 1, "COPY"), ("full", 1, "COPY")]


def test_short_texts_are_found_by_the_whole_of_them():
    placed(Printed("one", "The meeting of 4 May is closed.", 0, "a", title="Sunshine"))
    placed(Printed("two", "The meeting of  4 May is closed.", 1, "b", title="Sunshine"))
    placed(Printed("three", "The meeting of 4 May is closed.", 2, "c", title="Rain"))
    assert wires.origins() == [["one", "two"], ["three"]]
