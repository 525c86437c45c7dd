"""The arrows point down, and the machine that says so would notice one that does not."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.house.source import ROOT

RUN = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
PLANTED = {
    "riskreview/vendors/upward.py": "import riskreview.cases.models",
    "riskreview/lib/clock.py": "import riskreview.audit.models",
    "riskreview/web/sideways.py": "import riskreview.api.urls",
    "riskreview/web/publishing.py": "import riskreview.enrichment.tasks",
    "riskreview/api/queueing.py": "import celery",
    "riskreview/evidence/models/working.py": "import celery",
    "riskreview/web/fetching.py": "import riskreview.lib.http",
    "riskreview/enrichment/dialling.py": "import riskreview.lib.connecting",
    "riskreview/cases/talking.py": "import rest_framework",
    "riskreview/vendors/matching.py": "import riskreview.vendors.models",
    "riskreview/audit/canonical.py": "import riskreview.audit.models",
    "riskreview/core/__init__.py": "",
}
REPORTED = [
    r"riskreview\.vendors\.upward -> riskreview\.cases\.models",
    r"riskreview\.lib\.clock -> riskreview\.audit\.models",
    r"riskreview\.web\.sideways -> riskreview\.api\.urls",
    r"riskreview\.web\.publishing -> riskreview\.enrichment\.tasks",
    r"riskreview\.api\.queueing -> celery",
    r"riskreview\.evidence\.models\.working -> celery",
    r"riskreview\.web\.fetching -> riskreview\.lib\.http",
    r"riskreview\.enrichment\.dialling -> riskreview\.lib\.connecting",
    r"riskreview\.cases\.talking -> rest_framework",
    r"riskreview\.vendors\.matching -> riskreview\.vendors\.models",
    r"riskreview\.audit\.canonical -> riskreview\.audit\.models",
    r"riskreview\.core",
]


def lint(folder):
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", RUN], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "riskreview", folder / "riskreview", ignore=shutil.ignore_patterns("__pycache__", "*.txt"))
    return folder


def test_every_arrow_points_down_and_a_planted_one_is_reported(copy):
    told = lint(copy)
    assert told.returncode == 0, told.stdout + told.stderr
    assert re.search(r"Contracts: 7 kept, 0 broken", told.stdout)
    for path, line in PLANTED.items():
        (copy / path).parent.mkdir(exist_ok=True)
        with (copy / path).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    told = lint(copy)
    assert told.returncode != 0
    assert re.search(r"Contracts: 0 kept, 7 broken", told.stdout), told.stdout
    plain = re.sub(r"\s+", " ", told.stdout)
    assert [each for each in REPORTED if not re.search(each, plain)] == []
