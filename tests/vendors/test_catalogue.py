"""The shipped catalogue goes on the register through the ordinary verbs."""

import pytest

from riskreview.audit.models import Entry
from riskreview.vendors import catalogue
from riskreview.vendors.models import Alias, Vendor

pytestmark = pytest.mark.django_db
LIST = """
[[vendor]]
slug = "north"
canonical_name = "North"
aliases = [
  { text = "North", kind = "TRADE", strength = "STRONG" },
  { text = "NRTH", kind = "TICKER", strength = "STRONG", exchange = "NYSE" },
  { text = "北方", kind = "TRANSLITERATION", strength = "STRONG", language = "zh", script = "Hans" },
]
parents = [{ slug = "south", relation = "AFFILIATE", from = 2020-01-01 }]

[[vendor.products]]
slug = "needle"
name = "Needle"
kind = "MODEL"
aliases = [{ text = "Needle", kind = "PRODUCT", strength = "WEAK" }]

[[vendor]]
slug = "south"
canonical_name = "South"
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "list.toml"
    file.write_text(LIST, encoding="utf-8")
    return file


def test_each_vendor_comes_with_its_names_and_relations(alice, path):
    north, south = catalogue.load(by=alice, path=path)
    assert set(north.aliases.values_list("text", flat=True)) == {"North", "NYSE: NRTH", "北方", "Needle"}
    assert north.products.get().aliases.get().strength == Alias.Strength.WEAK
    assert (north.relations.get().other, north.relations.get().valid_from.year) == (south, 2020)


def test_every_step_is_an_entry_in_the_loaders_name(alice, path):
    before = Entry.objects.count()
    catalogue.load(by=alice, path=path)
    verbs = [entry.verb for entry in Entry.objects.order_by("id")[before:]]
    assert verbs.count("vendor.register") == 2
    assert set(verbs) == {"vendor.register", "vendor.add_alias", "vendor.add_product", "vendor.relate"}
    assert set(Entry.objects.order_by("id")[before:].values_list("actor", flat=True)) == {alice.pk}


def test_loading_again_adds_nothing(alice, path):
    catalogue.load(by=alice, path=path)
    before = Entry.objects.count()
    assert catalogue.load(by=alice, path=path) == []
    assert Entry.objects.count() == before


def test_the_shipped_list_loads_whole(alice):
    vendors = catalogue.load(by=alice)
    slugs = {vendor.slug for vendor in vendors}
    assert {"deepseek", "alibaba", "openai", "bytedance", "baidu", "meta", "amazon", "microsoft"} <= slugs
    for slug in ("deepseek", "alibaba", "baidu", "bytedance"):
        scripts = set(Vendor.objects.get(slug=slug).aliases.values_list("script", flat=True))
        assert "Hans" in scripts, slug
