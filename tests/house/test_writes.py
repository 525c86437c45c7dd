"""A judgement is written by a verb and nowhere else: no write outside the few places that may."""

import ast
import re

import pytest

from tests.house.source import is_migration, modules
from tests.house.test_lists import JUDGEMENT, OBSERVATION

WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "aupdate", "adelete", "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create",
}  # fmt: skip
# Models hold the verbs; recording saves what a verb changed; work moves leases.
PLACES = re.compile(r"riskreview/(\w+/models(/\w+)?\.py|audit/recording\.py|lib/work\.py)\Z")
LISTED = {
    "riskreview/audit/notary.py": "the log: leaves, tiles, checkpoints; no row that anybody judges",
    "riskreview/evidence/archive.py": "writes files, not rows",
    "riskreview/cases/winding.py": "the dates of clocks and the limit that binds a case: worked out, in no entry",
    "riskreview/cases/sweeping.py": "when a clock that cannot be worked out is looked at again",
    "riskreview/cases/memo/word.py": "saves a Word document, not rows",
    "riskreview/enrichment/grouping.py": "what is kept of wording: observations, rebuilt at will",
    "riskreview/enrichment/descent.py": "origins: observations, rebuilt at will",
    "riskreview/enrichment/linked.py": "links between documents: observations, rebuilt at will",
    "riskreview/enrichment/adopting.py": "what comes after a document, and its links: observations, rebuilt at will",
    "riskreview/enrichment/commonplace.py": "which word sequences are common: observations, rebuilt at will",
    "riskreview/enrichment/telling.py": "stories: observations, rebuilt at will",
    "riskreview/enrichment/pipeline.py": "the machine's columns of a document",
    "riskreview/enrichment/storing.py": "what was read in a text: observations, rebuilt at will",
    "riskreview/enrichment/outdated.py": "which documents are to be read again: the machine's columns of a document",
    "riskreview/enrichment/management/commands/collect.py": "brings the reading of a document forward",
    "riskreview/enrichment/rereading.py": "which documents are to be read again: the machine's columns of a document",
    "riskreview/notifications/witnessing.py": "how far each witness has come, and what it signed: seen by machines",
}
# What enrichment may write, besides observations: the columns of these that no verb touches.
MACHINES_OWN_COLUMNS = {"Document", "Source"}
# One journey for three rows that belong together, the queue of the log, heartbeats, and the triggers of migrations.
STATEMENTS = re.compile(r"riskreview/audit/(entries|backstop|models/\w+)\.py\Z")
SQL = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE)\b", re.IGNORECASE)


def writes(tree):
    """The calls that can write a row. `QuerySet.update` takes keywords only: with a position it is a dictionary's."""
    for call in ast.walk(tree):
        match call:
            case ast.Call(func=ast.Attribute(attr="update"), args=[_, *_]):
                continue
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in WRITES:
                yield call


def elsewhere():
    """Modules that are none of the places, with their writes."""
    for path, tree in modules().items():
        if not PLACES.match(path) and not is_migration(path) and (found := list(writes(tree))):
            yield path, found


def test_nothing_else_writes():
    strange = {path: [call.lineno for call in found] for path, found in elsewhere() if path not in LISTED}
    assert strange == {}, "call a verb, or list the module here with its reason"


def test_every_listed_module_still_writes():
    assert sorted(LISTED) == sorted(path for path, _ in elsewhere())


def test_rooms_with_windows_write_observations_only():
    for path, found in elsewhere():
        if not path.startswith("riskreview/enrichment/"):
            continue
        for call in found:
            written = re.match(r"([A-Z]\w+)\.objects\b", ast.unparse(call.func))
            if not written:
                continue
            allowed = OBSERVATION | (MACHINES_OWN_COLUMNS if call.func.attr == "update" else set())
            assert written[1] in allowed, f"{path}:{call.lineno} writes {written[1]}"
            assert written[1] not in JUDGEMENT - MACHINES_OWN_COLUMNS


def test_no_statement_writes_past_the_models():
    for path, tree in modules().items():
        if is_migration(path) or STATEMENTS.match(path):
            continue
        texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
        assert [text.lineno for text in texts if SQL.search(text.value)] == [], path


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("case.save()", 1),
        ("Case.objects.filter(pk=1).update(status='NEW')", 1),
        ("case.findings.create(number=1)", 1),
        ("Case.objects.bulk_update(rows, ['status'])", 1),
        ("await case.asave()", 1),
        ("given.update({'a': 1})", 0),
        ("case.submit(by=alice)", 0),
    ],
)
def test_a_write_is_known_when_it_is_seen(line, counts):
    assert len(list(writes(ast.parse(line)))) == counts
