"""The OpenAPI description is whole, valid, public, and the committed copy is fresh."""

import io
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator

from riskreview.api.schema import drawn
from riskreview.api.urls import routes

COPY = Path(__file__).parents[2] / "docs" / "api" / "openapi.yaml"
FRESHEN = "manage.py spectacular --validate --fail-on-warn --file docs/api/openapi.yaml"


def test_the_committed_copy_is_fresh():
    fresh = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=fresh)

    assert fresh.getvalue().strip() == COPY.read_text(encoding="utf-8").strip(), f"run: {FRESHEN}"


def test_it_is_valid_openapi_3_1():
    OpenAPIV31SpecValidator(yaml.safe_load(COPY.read_text(encoding="utf-8"))).validate()


def test_every_act_of_every_resource_is_in_it():
    paths = drawn()["paths"]
    for prefix, viewset, _ in routes.registry:
        for act in viewset.get_extra_actions():
            ending = act.url_path.rpartition("/")[2]
            assert any(path.startswith(f"/api/v1/{prefix}/") and path.endswith(f"/{ending}/") for path in paths), ending


def test_acts_on_a_row_ask_for_its_version():
    paths = drawn()["paths"]
    acts = {path: methods["post"] for path, methods in paths.items() if "{" in path and "post" in methods}
    own = {path for path in acts if path.endswith(("/follow/", "/unfollow/"))}  # settings of one's own have no version

    assert len(acts) > 25
    assert len(own) == 4
    assert all("If-Match" not in str(acts.pop(path)["parameters"]) for path in own)
    for path, operation in acts.items():
        names = [each["name"] for each in operation["parameters"] if each["required"]]
        assert "If-Match" in names, path


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.oai.openapi"])
def test_it_is_served_without_a_token(client, db, accept):
    answer = client.get("/api/v1/schema/", headers={"accept": accept})

    assert answer.status_code == 200
    assert yaml.safe_load(answer.content)["openapi"].startswith("3.1")
