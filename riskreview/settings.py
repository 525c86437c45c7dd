"""Settings, read from the environment. Safe for production by default; docs/operations.md lists every variable."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from riskreview.api.vocabularies import ENUM_NAMES
from riskreview.evidence import archive

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def secret(name: str, default: str | None = None) -> str:
    """The value of NAME, or the content of the file that NAME_FILE points at."""
    path = env.str(f"{name}_FILE", default="")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value: str = env.str(name, default=default or "")
    if not value and default is None:
        raise ImproperlyConfigured(f"Set {name}, or {name}_FILE to a file that holds it (docs/operations.md#settings).")
    return value


def version() -> str:
    """The newest version that CHANGELOG.md names."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", (BASE_DIR / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "0.0.0"


VERSION = version()

# -- Core -------------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "riskreview.urls"
WSGI_APPLICATION = "riskreview.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
# Where a day that a person writes down begins. Pages and the record go on telling moments in UTC.
SITE_TIME_ZONE = env.str("SITE_TIME_ZONE", default="UTC")
if SITE_TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"SITE_TIME_ZONE: {SITE_TIME_ZONE} is no time zone (docs/operations.md#settings).")
LANGUAGE_CODE = "en-gb"
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "riskreview.audit",
    "riskreview.accounts",
    "riskreview.vendors",
    "riskreview.evidence",
    "riskreview.incidents",
    "riskreview.cases",
    "riskreview.enrichment",
    "riskreview.notifications",
    "riskreview.api",
    "riskreview.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "riskreview.web.middleware.bounded",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "riskreview.web.middleware.acting",
    "riskreview.web.middleware.private_pages",
    "riskreview.web.middleware.refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "riskreview.web.shell.sidebar",
            ],
            "builtins": ["riskreview.web.templatetags.ui"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
if DEBUG:
    TEMPLATES[0]["OPTIONS"]["loaders"] = TEMPLATES[0]["OPTIONS"]["loaders"][0][1]  # type: ignore[index]

# -- Data -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": {**env.db_url_config(secret("DATABASE_URL")), "ATOMIC_REQUESTS": False, "CONN_MAX_AGE": 0}}
# libpq names the connection, so that pg_stat_activity tells a worker from a page.
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = env.str("APPLICATION_NAME", default="riskreview")
if env.bool("DATABASE_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": env.int("DATABASE_POOL_SIZE", default=10)}

ARCHIVE_ROOT = env.str("ARCHIVE_ROOT", default=str(BASE_DIR / ".local" / "archive"))
# s3://bucket/prefix?endpoint=…: an object store instead of that folder.
ARCHIVE_URL = env.str("ARCHIVE_URL", default="")
try:
    ARCHIVE = archive.placed(ARCHIVE_ROOT, ARCHIVE_URL)
except ValueError as wrong_address:
    raise ImproperlyConfigured(f"ARCHIVE_URL: {wrong_address} (docs/operations.md#data).") from None
STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / ".local" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "archive": ARCHIVE,
}

# -- People -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60
# Wrong passwords by account and address, and by address; afterwards one waits until so long after the first of them.
SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", default=5)
SIGN_IN_TRIES_PER_ADDRESS = env.int("SIGN_IN_TRIES_PER_ADDRESS", default=50)
SIGN_IN_WAIT_SECONDS = env.int("SIGN_IN_WAIT_SECONDS", default=900)
CALENDAR_READS_PER_HOUR = env.int("CALENDAR_READS_PER_HOUR", default=60)

# -- Web security -----------------------------------------------------------------------------------------------------

SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_COOKIES else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "riskreview.web.errors.csrf_failure"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE_COOKIES else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
# Browsers keep a preloaded domain for years: the operator asks for that, nobody else.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies stand in front: so many entries at the end of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# -- Collection -------------------------------------------------------------------------------------------------------

# host:port pairs that the guarded fetcher may reach although they are not public; the demo names its newsroom here.
FETCH_ALLOW = env.list("FETCH_ALLOW", default=[])
if wrong := [pair for pair in FETCH_ALLOW if not re.fullmatch(r"\S+:\d{1,5}", pair)]:
    raise ImproperlyConfigured(f"FETCH_ALLOW wants host:port, not {wrong[0]} (docs/operations.md#settings).")
FETCH_USER_AGENT = env.str("FETCH_USER_AGENT", default=f"riskreview/{VERSION} (evidence archive)")
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", default=10_000_000)
FETCH_ROBOTS = env.bool("FETCH_ROBOTS", default=True)
HOST_GAP_SECONDS = env.float("HOST_GAP_SECONDS", default=1.0)
HOST_AT_ONCE = env.int("HOST_AT_ONCE", default=2)
# A folder with one file per credential, named as the source names it.
CREDENTIALS_ROOT = env.str("CREDENTIALS_ROOT", default="")
# Below it lie the folders that sources of the kinds for mail and web archives read.
DROP_ROOT = env.str("DROP_ROOT", default="")
PARSE_MEMORY_BYTES = env.int("PARSE_MEMORY_BYTES", default=1_073_741_824)

# -- Workers (docs/operations.md#workers) -----------------------------------------------------------------------------

SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=2.0)
# Points of 100 from which a document is suggested to a case, and from which it is listed as weak.
SUGGESTED_FROM = env.int("SUGGESTED_FROM", default=60)
WEAK_FROM = env.int("WEAK_FROM", default=35)
if not 0 < WEAK_FROM <= SUGGESTED_FROM <= 100:
    raise ImproperlyConfigured("0 < WEAK_FROM <= SUGGESTED_FROM <= 100 does not hold (docs/operations.md#settings).")
SEARCH_SECONDS = env.float("SEARCH_SECONDS", default=3.0)
VISITS_KEPT_DAYS = env.int("VISITS_KEPT_DAYS", default=30)
REREAD_AT_ONCE = env.int("REREAD_AT_ONCE", default=100)
OFFER_SECONDS = env.int("OFFER_SECONDS", default=30)
RUN_SECONDS = env.int("RUN_SECONDS", default=150)
BACKOFF_SECONDS = env.float("BACKOFF_SECONDS", default=30.0)

CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE = True
CELERY_TASK_ACKS_ON_TIMEOUT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
# A connection costs as much as the work of a short task: it serves so many of them.
CELERY_DB_REUSE_MAX = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("SOFT_SHUTDOWN_SECONDS", default=30.0)
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 3
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": True,
    "max_retries": 0,
    "queue_order_strategy": "round_robin",
    "client_name": "riskreview",
}
CELERY_TASK_DEFAULT_QUEUE = "tick"
CELERY_TASK_ROUTES = {
    "enrichment.collect": {"queue": "fetch"},
    "enrichment.fetch": {"queue": "fetch"},
    "enrichment.attempt": {"queue": "fetch"},
    "enrichment.read": {"queue": "digest"},
    "enrichment.digest": {"queue": "digest"},
    "enrichment.search": {"queue": "digest"},
    "enrichment.reread": {"queue": "digest"},
    "enrichment.check_spans": {"queue": "digest"},
    "enrichment.count": {"queue": "digest"},
    "enrichment.settle": {"queue": "digest"},
    "enrichment.place": {"queue": "digest"},
    "enrichment.index": {"queue": "digest"},
    "cases.watch": {"queue": "digest"},
    "cases.batch": {"queue": "digest"},
    "audit.verify": {"queue": "digest"},
    "audit.prune": {"queue": "digest"},
    "notifications.witness": {"queue": "deliver"},
}
CELERY_BEAT_SCHEDULE = {
    "enrichment.sweep": {
        "task": "enrichment.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "tick", "expires": 600},
    },
    "audit.sweep": {
        "task": "audit.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "tick", "expires": 600},
    },
    "notifications.sweep": {
        "task": "notifications.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "tick", "expires": 600},
    },
    "cases.sweep": {
        "task": "cases.sweep",
        "schedule": SWEEP_SECONDS,
        "options": {"queue": "tick", "expires": 600},
    },
    "enrichment.count": {
        "task": "enrichment.count",
        "schedule": 24 * 3600.0,
        "options": {"queue": "digest", "expires": 3600},
    },
    "audit.prune": {
        "task": "audit.prune",
        "schedule": 3600.0,
        "options": {"queue": "digest", "expires": 600},
    },
}

# -- Record (docs/audit.md) -------------------------------------------------------------------------------------------

# The name of the log, without its year. It stands in every checkpoint and key, and is never changed afterwards.
NOTARY_ORIGIN = env.str("NOTARY_ORIGIN", default="riskreview.example/ledger")
# One file, or two while a key is being replaced.
NOTARY_KEY_FILES = env.list("NOTARY_KEY_FILE", default=[])
NOTARY_MEMORY_FILE = env.str("NOTARY_MEMORY_FILE", default="")
NOTARY_SIGN_SECONDS = env.float("NOTARY_SIGN_SECONDS", default=10.0)
# "vkey address" of each witness.
WITNESSES = env.list("WITNESSES", default=[])
RETENTION_FILE = env.str("RETENTION_FILE", default="")
# Minutes without a signature after which nothing is decided any more; 0: decisions go on.
DECIDE_UNSIGNED_MINUTES = env.int("DECIDE_UNSIGNED_MINUTES", default=0)

# -- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["riskreview.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["riskreview.api.authentication.ScopedToken"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["riskreview.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "riskreview.api.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "riskreview.api.errors.problem",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "riskreview",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "Vendors, incidents, documents, suggestions, review cases and the audit trail of riskreview.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# -- Logs -------------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"celery.worker.strategy": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}
