"""A site whose readers flag comments with django-contrib-comments; runs in an environment of its own.

``flagging.py fill FOLDER READERS COMMENTS`` makes the database and prints a session for each reader;
``flagging.py serve FOLDER PORT CORE`` serves it by gunicorn: one process of eight threads, the
write-ahead log, a sync at every commit and the lock for writing taken at once, which is the fastest
of what was tried.
"""

import json
import os
import sys
from pathlib import Path

FOLDER = Path(os.environ.get("FLAGGING", "."))

DEBUG = False
SECRET_KEY = "of a bench"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = __name__
SITE_ID = 1
USE_TZ = True
LOGIN_URL = "/"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django_comments",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "flagging.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
}


def __getattr__(name: str) -> object:
    """Make what needs Django only once it is set up: the paths, and what gunicorn serves."""
    if name == "urlpatterns":
        from django.urls import include, path

        return [path("comments/", include("django_comments.urls"))]
    if name == "application":
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()
    raise AttributeError(name)


def fill(readers: int, comments: int) -> list[str]:
    """Make the database; return the session of each reader."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone
    from django_comments.models import Comment

    call_command("migrate", verbosity=0)
    now = timezone.now()
    about = ContentType.objects.get_for_model(User)
    Comment.objects.bulk_create(
        Comment(content_type=about, object_pk="1", site_id=1, comment="Never.", submit_date=now)
        for _ in range(comments)
    )
    sessions: list[str] = []
    for number in range(readers):
        user = User.objects.create(username=f"reader-{number}")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions.append(str(session.session_key))
    return sessions


def main() -> None:
    """Do what the command line says."""
    what, folder, *rest = sys.argv[1:]
    os.environ |= {
        "FLAGGING": folder,
        "DJANGO_SETTINGS_MODULE": "flagging",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    sys.path.insert(0, str(Path(__file__).parent))
    if what == "fill":
        sys.modules["flagging"] = sys.modules["__main__"]
        global FOLDER  # noqa: PLW0603 - it was not known when this file was read
        FOLDER = Path(folder)
        DATABASES["default"]["NAME"] = FOLDER / "flagging.db"
        print(json.dumps(fill(*map(int, rest))))
        return
    port, core = rest
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {int(core)})
    serving = (
        "--worker-class",
        "gthread",
        "--workers",
        "1",
        "--threads",
        "8",
        "--keep-alive",
        "60",
    )
    bind = ("--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket")
    gunicorn = [sys.executable, "-m", "gunicorn", "flagging:application", *serving, *bind]
    os.execv(sys.executable, gunicorn)  # noqa: S606 - a program of the environment's own


if __name__ == "__main__":
    main()
