"""The product's settings, plus what makes tests fast and keeps them apart from real data."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("DATABASE_URL", "postgres://riskreview@/riskreview")
os.environ.setdefault("SECURE_COOKIES", "0")

from riskreview.settings import *  # noqa: F403
from riskreview.settings import MIDDLEWARE, STORAGES

MIDDLEWARE = [each for each in MIDDLEWARE if not each.startswith("whitenoise.")]  # nothing is collected for tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ARCHIVE_ROOT = tempfile.mkdtemp(prefix="riskreview-archive-")
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "archive": {"BACKEND": "riskreview.evidence.archive.WholeFileStorage", "OPTIONS": {"location": ARCHIVE_ROOT}},
}
LOGGING_CONFIG = None
FETCH_ROBOTS = False  # tests/enrichment/test_manners.py switches it on
HOST_GAP_SECONDS = 0.0
HOST_AT_ONCE = 16
