"""A file is seen whole, a function held in the head."""

import ast

from tests.house.source import ROOT, is_migration, modules

FUNCTION, MODULE = 50, 400
# Each with its reason.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_MODULES: dict[str, str] = {"riskreview/audit/verifier.py": "one file that an auditor takes along, and reads"}


def source():
    every = modules("riskreview", "script", "benchmarks")
    return {path: tree for path, tree in every.items() if not is_migration(path)}


def functions():
    """Every function with its length, from `def` to its last line."""
    for path, tree in source().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path} {node.name}", node.end_lineno - node.lineno + 1


def test_no_function_is_long_unless_listed():
    assert {name for name, lines in functions() if lines > FUNCTION} == set(LONG_FUNCTIONS)


def test_no_module_is_long_unless_listed():
    lengths = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in source()}
    assert {path for path, lines in lengths.items() if lines > MODULE} == set(LONG_MODULES)


def test_most_functions_are_short():
    lengths = sorted(lines for _, lines in functions())
    assert len(lengths) > 500
    assert lengths[len(lengths) // 2] <= 7
    assert lengths[len(lengths) * 9 // 10] <= 25
