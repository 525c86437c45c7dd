"""The archive in a bucket of an S3-compatible object store. Imported only where a bucket is configured: its client is
heavy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from .archive import Unreachable

PUTS = 3  # two writers at one moment: the store may tell both to come again
ABSENT = {"NoSuchKey", "404"}


class BucketStorage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """Objects are written whole, once, under the name they were given, and are private."""

    file_overwrite = True  # keeps the name of a second put; that nothing is overwritten is the store's own promise
    querystring_auth = False
    default_acl = None
    gzip = False

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=config(options.get("addressing_style") or "auto"), **options)

    def exists(self, name: str) -> bool:
        """Whether there is such an object. Raises `Unreachable`."""
        with self._asked():
            return bool(super().exists(name))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """The whole object, in one request. Raises `FileNotFoundError` or `Unreachable`."""
        with self._asked():
            try:
                answer = self._client.get_object(Bucket=self.bucket_name, Key=self._key(name))
            except ClientError as error:
                if code(error) in ABSENT:
                    raise FileNotFoundError(f"There is no object {name}.") from error
                raise
            return ContentFile(answer["Body"].read(), name)

    def _save(self, name: str, content: File[bytes]) -> str:
        """Write an object unless there is one of this name already. Raises `Unreachable`."""
        data = content.read()
        with self._asked():
            for left in reversed(range(PUTS)):
                try:
                    self._client.put_object(
                        Bucket=self.bucket_name,
                        Key=self._key(name),
                        Body=data,
                        ContentType=self.default_content_type,
                        IfNoneMatch="*",
                    )
                except ClientError as error:
                    if code(error) == "PreconditionFailed":
                        break  # it is there: names are hashes, so it is the same
                    if code(error) != "ConditionalRequestConflict" or not left:
                        raise
                else:
                    break
        return name

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return str(self._normalize_name(clean_name(name)))

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Failures of the store and of the way to it, in words for staff."""
        try:
            yield
        except ClientError as error:
            raise Unreachable(f"The object store {self._where} answered {code(error)}.") from error
        except BotoCoreError as error:
            raise Unreachable(f"The object store {self._where} cannot be reached: {type(error).__name__}.") from error

    @property
    def _where(self) -> str:
        return f"{self.endpoint_url or 'of Amazon'} (bucket {self.bucket_name})"


def config(addressing: str) -> Config:
    """The client's manners: it gives up within a minute, and sends checksums only where the store demands them, as not
    every compatible store knows those."""
    return Config(
        s3={"addressing_style": addressing},
        connect_timeout=3,
        read_timeout=20,
        retries={"total_max_attempts": 2, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def code(error: ClientError) -> str:
    """What the store calls the fault."""
    return str(error.response.get("Error", {}).get("Code", "an error without a name"))
