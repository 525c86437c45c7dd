"""What this house does without, because it was tried elsewhere."""

import ast
import re

import pytest

from tests.house.source import is_migration, modules, name, tracked

NOWHERE = {"utils", "util", "helpers", "helper", "services", "service", "managers", "common", "core", "misc", "tools"}
MACHINE_PATH = re.compile(r"(?<![\w.:/@-])/(?:work|root|home|Users)/[\w.-]+")
PRINTING = re.compile(r"/management/commands/|/__main__\.py\Z")


def offences(tree, path=""):
    """What a module does that this house does without, in words."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(decorator_list=decorators) if any("receiver" in ast.unparse(d) for d in decorators):
                yield "@receiver: call the verb"
            case ast.Name(id="GenericForeignKey") | ast.alias(name="GenericForeignKey"):
                yield "GenericForeignKey: one noun, or a table per owner"
            case ast.keyword(arg="auto_now" | "auto_now_add"):
                yield "auto_now: time is an argument, or the database's"
            case ast.ClassDef(name="Meta") if any(sets(each, "ordering") for each in node.body):
                yield "Meta.ordering: order is asked for"
            case ast.ClassDef() if any(isinstance(each, ast.FunctionDef) and each.name == "save" for each in node.body):
                yield "save(): call the verb"
            case ast.ImportFrom(module="django.dispatch" | "django.db.models.signals"):
                yield "signals: call the verb"
            case ast.Call(func=ast.Name(id="print")) if not PRINTING.search(path):
                yield "print: log, or write to a command's stdout"


def sets(statement, wanted):
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return any(isinstance(target, ast.Name) and target.id == wanted for target in targets)


def test_no_module_does_what_this_house_does_without():
    found = {path: list(offences(tree, path)) for path, tree in modules().items() if not is_migration(path)}
    assert {path: told for path, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "@receiver(post_save)\ndef after(sender, **kwargs): ...",
        "@django.dispatch.receiver(post_save)\ndef after(sender, **kwargs): ...",
        "from django.contrib.contenttypes.fields import GenericForeignKey",
        "at = models.DateTimeField(auto_now=True)",
        "class Case:\n    class Meta:\n        ordering = ['pk']",
        "class Case:\n    def save(self): ...",
        "from django.db.models.signals import post_save",
        "print('here')",
    ],
)
def test_an_offence_is_known_when_it_is_seen(planted):
    assert list(offences(ast.parse(planted)))


def test_no_module_is_named_after_nothing():
    every = {
        part for path in modules("riskreview", "script", "benchmarks") for part in path.removesuffix(".py").split("/")
    }
    assert not every & NOWHERE


def texts():
    for path in tracked():
        try:
            yield name(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_place_on_somebodys_machine():
    found = {path: MACHINE_PATH.findall(text) for path, text in texts()}
    assert {path: places for path, places in found.items() if places and not path.startswith("static/vendor/")} == {}


@pytest.mark.parametrize("place", ["{}work/main/x.py", "see {}home/alice/x", "'{}root/.cache'", "({}Users/bob)"])
def test_a_place_on_somebodys_machine_is_known_when_it_is_seen(place):
    assert MACHINE_PATH.search(place.format("/"))


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [path for path, text in texts() if path.startswith(("riskreview/", "script/")) and later.search(text)] == []


def test_no_requirement_names_an_index():
    assert [
        path for path, text in texts() if path.startswith("requirements") and re.search(r"index-url|https?:", text)
    ] == []


def test_an_exception_is_never_swallowed_whole():
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path}:{node.lineno}: a bare except"
