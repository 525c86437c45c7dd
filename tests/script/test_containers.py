"""The compose file and the image, as far as they can be checked without containers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "riskreview"}


def test_every_queue_has_a_worker() -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    served = set()
    for service in OURS.values():
        words = shlex.split(service.get("command", ""))
        if "-Q" in words:
            served.update(words[words.index("-Q") + 1].split(","))

    assert routed <= served


@pytest.mark.parametrize("name", OURS)
def test_our_containers_hold_no_secret_and_cannot_write_their_image(name: str) -> None:
    service = OURS[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert {"SECRET_KEY", "DATABASE_URL"}.isdisjoint(service["environment"])
    assert service["environment"]["SECRET_KEY_FILE"].startswith("/run/secrets/")


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_names_is_defined(name: str) -> None:
    service = SERVICES[name]

    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ("beat", "tables", "web")])
def test_a_service_that_can_stop_working_says_so(name: str) -> None:
    assert "test" in SERVICES[name]["healthcheck"]


def test_hostile_input_is_read_where_there_is_no_way_out() -> None:
    assert SERVICES["digest"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_a_worker_is_given_longer_to_stop_than_its_soft_shutdown() -> None:
    workers = [service for service in OURS.values() if "worker" in service.get("command", "")]

    assert len(workers) == 4
    assert all(service["stop_grace_period"] == "45s" for service in workers)
    assert settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT <= 30


def test_only_the_pages_are_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_without_rights_and_with_checked_hashes() -> None:
    text = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert re.search(r"^HEALTHCHECK ", text, re.MULTILINE)


def test_everything_the_image_copies_passes_the_ignore_file() -> None:
    kept = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = set()
    for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        copied.update(line.split()[:-1])

    assert copied == kept
    assert all((ROOT / name).exists() for name in kept)
