import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

WEBHOOK_SECRETS = [os.environ.get(name) for name in ("POCKETBOOK_WEBHOOK_SECRET", "POCKETBOOK_WEBHOOK_SECRET_OLD")]
WEBHOOK_SECRETS = [secret for secret in WEBHOOK_SECRETS if secret]
if not WEBHOOK_SECRETS:
    raise ImproperlyConfigured("set POCKETBOOK_WEBHOOK_SECRET")

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]  # add your domain
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
INSTALLED_APPS = ["webhooks"]
USE_TZ = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE", BASE_DIR / "db.sqlite3"),
        "OPTIONS": {"timeout": 20},  # seconds to wait for another writer
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"webhooks": {"handlers": ["console"], "level": "INFO"}},
}
