"""Files of others lie here unmodified, each with its licence; ours hold nothing that runs from elsewhere."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import engines

STATIC = Path(settings.BASE_DIR) / "static"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
LOCK = tomllib.loads((STATIC / "vendor" / "vendor.lock").read_text(encoding="utf-8"))["file"]
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("file", LOCK, ids=lambda file: file["name"])
def test_a_vendored_file_is_the_one_that_was_locked(file):
    assert hashlib.sha256((STATIC / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert (STATIC / file["licence_text"]).stat().st_size > 200


def test_nothing_of_others_is_unlocked():
    locked = {file["path"] for file in LOCK} | {"vendor/vendor.lock"}
    found = {str(path.relative_to(STATIC)) for name in ("vendor", "fonts") for path in (STATIC / name).iterdir()}
    assert found <= locked


def test_the_manifest_can_be_built(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("css/components.*.css.gz"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    engines["django"].get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_in_the_sprite(name):
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons" / "sprite.svg").read_text(encoding="utf-8")))
    used = set(re.findall(r'{% icon "([^"]+)"', (TEMPLATES / name).read_text(encoding="utf-8")))
    assert used <= sprite


def test_the_first_visit_stays_small(tmp_path):
    import gzip

    css = sum(len(gzip.compress(path.read_bytes())) for path in (STATIC / "css").glob("*.css"))
    js = sum(
        len(gzip.compress(path.read_bytes()))
        for path in [*(STATIC / "js").glob("*.js"), *(STATIC / "vendor").glob("*.js")]
    )
    assert css < 20_000
    assert js < 20_000
