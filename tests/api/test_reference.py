"""The reference page is drawn from the schema, for everyone, without a script."""

import re

from riskreview.api.errors import KINDS
from riskreview.api.schema import drawn


def test_it_lists_every_operation_and_every_problem(client, db):
    page = client.get("/api/v1/docs/").content.decode()

    for methods in drawn()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for kind in KINDS:
        assert f'id="problem-{kind.slug}"' in page


def test_every_link_inside_the_page_leads_somewhere(client, db):
    page = client.get("/api/v1/docs/").content.decode()
    ids = re.findall(r'id="([^"]+)"', page)

    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert len(ids) == len(set(ids))


def test_it_has_no_script_and_no_inline_style(client, db):
    page = client.get("/api/v1/docs/").content.decode()

    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|https?://(?!risk\.example\.org)", page)


def test_examples_of_acts_say_the_version(client, db):
    page = client.get("/api/v1/docs/").content.decode()

    assert "curl -X POST https://risk.example.org/api/v1/cases/{ref}/approve/" in page
    assert "If-Match" in page
