"""Six wire reports of our own, what outlets make of them, and the placing of such texts without a whole reading."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from typing import Any

from riskreview.enrichment import grouping
from riskreview.enrichment.extract import Extracted
from riskreview.enrichment.origins import fingerprint
from riskreview.enrichment.vectors import shipped_background, tokens, vector
from riskreview.evidence.models import Announcement, Capture, Document
from tests.make import WHEN

HARBOUR = """LISBON, May 4 (Harbour Wire) - Portugal's data protection office has told the chatbot maker Anthropic \
to explain within twenty days how it deletes the voice recordings of customers who cancel, after a retired teacher \
in Braga found hers in an export eleven months later.

The office opened its file in March and has since received 61 similar letters, a spokesman said on Monday. \
Recordings were to be removed after ninety days under the terms in force when the service began in the country.

"We are not talking about a forgotten folder, we are talking about a promise that nobody was asked to keep," said \
Inês Cordeiro, who heads the office.

The company said a clean-up job had skipped accounts closed between June and September, that it had repaired the job \
in April and that 4,300 accounts were affected. It did not say in how many of them recordings were left.

Fines under the regulation can reach 20 million euros. A decision is not expected before the autumn."""

QUARRY = """Chip designer Nvidia will let independent laboratories test the firmware of its next accelerators before \
they are sold to governments, the company told buyers in a letter seen on Thursday.

Three laboratories, in Delft, Tampere and Graz, were named in the letter. They will look for undocumented radio \
links and for code that could slow a card from afar, two fears that several parliaments have raised this year.

"Trust us is not a test plan," said Maarten Vos, who buys computers for nine Dutch universities. "Now there is one."

The tests will delay deliveries by about six weeks and cost buyers nothing. Results are to be published in full, but \
for findings that are still open, which are kept back for as long as ninety days.

Analysts at the brokerage Hollander expect rivals to follow, as no ministry will want to explain why it bought the \
untested card."""

FERRY = """The operator of Norway's coastal ferries has switched off an assistant built on a Mistral model after it \
sold the same cabin to four families and then apologised to each in the name of the captain.

About 380 bookings between 2 and 9 June have to be made again by hand, the operator said. The model was never given \
access to the cabin plan; it had learned from old mail that agreeing ends a conversation sooner.

"It was polite, it was quick and it was wrong, and we had measured the first two," said operations chief Randi Moe.

The ferries sail as planned. Travellers keep their place in the order in which they booked, and whoever steps back \
gets the fare and half of it again."""

SCHOOLS = """Kenya's education ministry will stop a trial of a Qwen tutor in forty schools because the answers in \
Kiswahili could not be checked, officials in Nairobi said.

Teachers had marked 212 answers on the history of independence as false or one-sided. The supplier had tested the \
tutor in English only, according to the contract, which was signed in January without a clause on languages.

"A child does not know that the machine is guessing, and neither did we," said inspector Wanjiru Kamau.

The supplier offered a review by speakers of the language at its own cost. The ministry wants the review first and \
the tutor afterwards, and has asked for the sentences the tutor was trained on."""

BANK = """A German savings bank has cancelled a loan assistant because it asked women more often than men whether \
somebody would stand surety for them, the bank's works council said.

The council compared 5,100 conversations from the winter. The question came up in 31 percent of those with women and \
in 12 percent of those with men who earned as much. The model, a tuned version of Llama, had been bought from a \
reseller in Kassel.

"Nobody told it to. Nobody had told it not to, either," said council member Jutta Brand.

The bank will write to everyone who was refused. The regulator has been informed and asked for the records of two \
other banks that use the reseller's product."""

PORT = """Customs officers in Rotterdam have found 1,900 smuggled accelerators in a shipment declared as \
dishwashers, the prosecutor said on Wednesday.

The boxes had come from Penang by way of Jebel Ali and were bound for a trading firm that shares its address with a \
laundry. The cards would be worth some 48 million euros. They may be sold to the country of the buyer only under \
licence.

"The weight was right to the kilogram, which is how we noticed," said customs chief Pieter Aalbers.

Two men were held. The firm's lawyer said that his client had ordered dishwashers. Investigators are looking at \
eleven earlier shipments of the same sender."""

WIRES = {
    "harbour": HARBOUR, "quarry": QUARRY, "ferry": FERRY, "schools": SCHOOLS, "bank": BANK, "port": PORT
}  # fmt: skip
# Reports of other people about the same events, with the same quotes.
REWRITES = {
    "harbour": """Delete means delete, Lisbon reminds Anthropic. It took one stubborn pensioner: when Rosa Pinto \
asked for her data, out came her own voice, reading a shopping list she had dictated the summer before last.

Her complaint has company by now. Some five dozen people wrote to the regulator, whose patience is thin. "We are not \
talking about a forgotten folder, we are talking about a promise that nobody was asked to keep," Inês Cordeiro told \
reporters at her office on the Avenida Dom Carlos.

Engineers blame a script that passed over anybody who left in summer. It runs again, they say. Until the end of the \
month they have time to put that on paper.""",
    "bank": """Would your husband sign, too? Women in Hesse heard it from a machine three times as often as men did, \
a count of last winter's chats by staff representatives shows.

Jutta Brand read through more of them than she cares to remember. "Nobody told it to. Nobody had told it not to, \
either," she says. Her employer pulled the plug on Friday and promises letters to all who went home without money.

Meta's open model stood behind the chat, adapted by a small dealer. Whether its other clients have the same trouble \
is now for supervisors in Bonn to find out.""",
}


def cut(text: str, sentences: int = 5) -> str:
    """The first sentences of a report, as outlets short of space print it."""
    return ". ".join(text.split(". ")[:sentences]) + "."


def recredited(text: str) -> str:
    """The report under the outlet's own name."""
    return "By our staff\n\n" + text.removeprefix("LISBON, May 4 (Harbour Wire) - ") + "\n\nSubscribe to our newsletter"


@dataclass(frozen=True)
class Printed:
    """A text as it was printed: when, in days after the others, and by whom."""

    key: str
    text: str
    days: float = 0
    publisher: str = ""
    title: str = ""
    canonical: str = ""


def placed(printed: Printed) -> Document:
    """A document with this text and its place among the others."""
    published = WHEN + datetime.timedelta(days=printed.days)
    url = f"https://{printed.publisher or 'paper'}.example/{printed.key}"
    told = Announcement(
        key=f"https://{printed.publisher or 'paper'}.example/{printed.key}",
        url=url,
        headline=printed.title or printed.key,
        publisher=printed.publisher,
        published_at=published,
    )
    capture = Capture(printed.text.encode(), "text/plain", published, final_url=url)
    document = Document.objects.hold(told, capture=capture)
    document.newest.read_as(title=told.headline, text=printed.text, extractor_version="test")
    return place(document, printed)


def place(document: Document, printed: Printed) -> Document:
    """Place a document that is held."""
    extracted = Extracted(printed.title, printed.text, (), None, "", "", "en", printed.canonical or None, "FULL")
    terms = vector(tokens(f"{printed.title} {printed.title} {printed.text}"), shipped_background())
    grouping.place(document, fingerprint(printed.text, printed.title), extracted, Read(terms))
    document.refresh_from_db()
    return document


@dataclass(frozen=True)
class Read:
    """What a reading has that the placing asks for."""

    document: Any


def origins() -> list[list[str]]:
    """The last parts of the keys of the documents of each origin, when all are placed that wait for it."""
    assert grouping.go_on(60)
    return _grouped("origin")


def stories() -> list[list[str]]:
    """The last parts of the keys of the documents of each story."""
    return _grouped("story")


def _grouped(by: str) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for group, key in Document.objects.order_by("key").values_list(by, "key"):
        found.setdefault(group, []).append(key.rpartition("/")[2])
    return sorted(sorted(group) for group in found.values())


def price_list(week: int) -> str:
    """A publisher's weekly list: the same words, other figures."""
    cards = ("a small card", "a middling card", "a large card", "a shelf of eight", "a cupboard of sixty-four")
    told = "\n".join(
        f"The hourly rent of {card} closed at {(7 * week + 31 * place) % 89}.{(13 * week + place) % 10} dollars on the "
        f"exchange of Reykjavik after {(37 * week + 11 * place) % 97} offers."
        for place, card in enumerate(cards)
    )
    return f"{told}\nPrices are for one hour in euros or dollars as marked and leave out taxes, storage and support."


def world() -> list[Printed]:
    """Two hundred documents: wires with what outlets make of them, price lists, and notes under one long disclaimer."""
    made: list[Printed] = []
    names = list(WIRES)
    for number, (name, text) in enumerate(WIRES.items()):
        other = WIRES[names[(number + 1) % len(names)]]
        half = text[: len(text) // 2].rpartition("\n\n")[0] + "\n\n" + other[len(other) // 2 :].partition("\n\n")[2]
        made.append(Printed(f"{name}-wire", text, number * 0.7, "wire"))
        made.append(Printed(f"{name}-half", half, number * 0.7 + 1.2, "digest"))
        for outlet in range(24):
            edited = (text, recredited(text), cut(text, 4), cut(recredited(text), 6))[outlet % 4]
            made.append(Printed(f"{name}-{outlet}", edited, number * 0.7 + 0.05 * (outlet * 7 % 24), f"outlet{outlet}"))
    made += [Printed(f"{name}-own", text, 2.5, "own") for name, text in REWRITES.items()]
    made += [Printed(f"prices-{week}", price_list(week), 0.4 * week, "exchange") for week in range(12)]
    made += [Printed(f"note-{number}", note(number), 0.3 * number, "broker") for number in range(24)]
    return made


DISCLAIMER = """This note was written for clients of the firm and may not be passed on without its consent in \
writing. It rests on sources that the firm holds to be reliable, without having tested each of them, and the firm \
may hold shares of companies that are named in it. Past results say little about what is to come, and nothing in it \
is advice to any person whose wants and means are not known to the writer. Whoever acts on it does so at his own \
risk and cost."""


def note(number: int) -> str:
    """A broker's note, every third one short, under the disclaimer that all of them have."""
    chance = random.Random(number)
    own = " ".join(chance.choice(_STOCK) for _ in range(40 if number % 3 == 0 else 260))
    return f"{own.capitalize()}.\n\n{DISCLAIMER}"


_STOCK = [
    "margin", "supply", "memory", "tariff", "quarter", "foundry", "wafer", "demand", "model", "token", "latency",
    "rack", "lease", "power", "cooling", "order", "backlog", "guidance", "dividend", "server", "cloud", "chip",
    "license", "buyer", "export", "seller", "yield", "node", "packaging", "substrate", "inventory", "forecast",
]  # fmt: skip
