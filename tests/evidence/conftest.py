"""A real S3 server, as a process of its own on the loopback."""

from __future__ import annotations

import os
import socket  # noqa: TID251 - to find a free port on the loopback
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3  # noqa: TID251 - to see what the store holds
import pytest
from django.test import override_settings

from riskreview.evidence import archive

BUCKET, PREFIX = "evidence", "site/one"


@dataclass
class Server:
    """A running S3 server."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """How ARCHIVE_URL names the archive in it."""
        return f"s3://{BUCKET}/{PREFIX}?endpoint=http://127.0.0.1:{self.port}&region=eu-central-1&addressing=path"

    @property
    def client(self):
        """A client that knows nothing of the product."""
        return boto3.client("s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="eu-central-1")

    def names(self) -> list[str]:
        """The names of all objects."""
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()


def started() -> Server:
    """Start a server and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        assert process.poll() is None, "the S3 server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Server(process, port)
        time.sleep(0.1)
    process.kill()
    raise AssertionError("the S3 server did not start within 30 seconds")


@pytest.fixture(scope="session")
def _keys() -> Iterator[None]:
    """Keys as boto3 finds them in the environment; nothing else of the machine's is read."""
    own = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in own.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def _s3_server(_keys: None) -> Iterator[Server]:
    server = started()
    yield server
    server.kill()


@pytest.fixture
def s3(_s3_server: Server) -> Server:
    """An empty bucket."""
    client = _s3_server.client
    if BUCKET in [each["Name"] for each in client.list_buckets()["Buckets"]]:
        for key in _s3_server.names():
            client.delete_object(Bucket=BUCKET, Key=key)
    else:
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return _s3_server


@pytest.fixture
def archived_at(settings) -> Iterator[Callable[[str], None]]:
    """Let the archive be at an address, as ARCHIVE_URL would."""

    def at(url: str) -> None:
        changed = override_settings(STORAGES=settings.STORAGES | {"archive": archive.placed("", url)})
        changed.enable()
        undo.append(changed)

    undo: list[override_settings] = []
    yield at
    for changed in reversed(undo):
        changed.disable()


@pytest.fixture
def on_s3(s3: Server, archived_at: Callable[[str], None]) -> Server:
    """The archive lies in the bucket."""
    archived_at(s3.url)
    return s3
