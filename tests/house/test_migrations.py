"""Migrations: none missing, one head, named for what they do, and back again."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("riskreview.")}


def every():
    loaded = MigrationLoader(None).disk_migrations
    return {key: migration for key, migration in sorted(loaded.items()) if key[0] in OURS}


@pytest.mark.django_db
def test_none_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_app_has_one_head():
    graph = MigrationLoader(None).graph
    heads = [app for app, _ in graph.leaf_nodes() if app in OURS]
    assert sorted(heads) == sorted({app for app, _ in every()})


@pytest.mark.parametrize("key", every(), ids="/".join)
def test_it_is_named_for_what_it_does(key):
    assert "auto" not in key[1].split("_")
    assert len(key[1].split("_")) >= 2


@pytest.mark.parametrize("key", every(), ids="/".join)
def test_schema_and_data_are_never_in_one_file(key):
    operations = every()[key].operations
    data = [each for each in operations if isinstance(each, migrations.RunPython)]
    assert len(data) in (0, len(operations))


@pytest.mark.parametrize("key", every(), ids="/".join)
def test_it_goes_back(key):
    assert all(operation.reversible for operation in every()[key].operations)
