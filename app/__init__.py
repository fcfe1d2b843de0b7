"""Open Talks: `create_app()` puts the house together; nobody imports this from inside."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

import config as settings
from app import jobs, reactions
from app.core import timing
from app.extensions import babel, csrf, db, limiter, migrate
from app.web import chrome, filters, front, headers, health, openapi, refusals, urls, viewer

ROOT = Path(__file__).resolve().parent.parent
# Lowest first, as in the plan of the house (docs/architecture.md). In each of them the files of
# the closed list below are imported where they exist; a blueprint is called `bp`.
FEATURES = (
    "consultations", "mail", "audit", "accounts", "programme", "registration", "feeds",
    "attendance", "live", "contributions", "board", "floor", "tables", "reports",
    "portal",
)  # fmt: skip
FILES = (
    "models", "loaders", "mails", "tasks", "panels", "privacy", "views", "staff_views", "api",
    "front", "tools",
)  # fmt: skip


def create_app(**overrides: object) -> Flask:
    """Return the application, configured from the environment and ``overrides`` (tests)."""
    timing.use_one_database()
    app = Flask(
        __name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.config.from_mapping(settings.load())
    app.config.from_mapping(overrides)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    bind_extensions(app)
    for part in (urls, filters, chrome, headers, refusals, openapi, front, health, jobs):
        part.register(app)
    add_features(app)
    reactions.register()
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0
        )
    logging.getLogger("app").setLevel(logging.INFO)
    return app


def bind_extensions(app: Flask) -> None:
    """Bind what `extensions.py` made."""
    workers = app.config["WEB_WORKERS"]
    redis = app.config["REDIS_URL"]
    if workers > 1 and not redis:
        app.logger.warning(
            "%d web processes without REDIS_URL: each counts its rate limits alone", workers
        )
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis or "memory://")
    app.config.setdefault("RATELIMIT_IN_MEMORY_FALLBACK_ENABLED", True)
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)  # staff pages ask for it themselves
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), compare_type=True)
    babel.init_app(app, locale_selector=viewer.locale)
    csrf.init_app(app)
    limiter.init_app(app)


def add_features(app: Flask) -> None:
    """Import every feature's public doors and register their blueprints and commands."""
    for feature in FEATURES:
        for name in FILES:
            if find_spec(f"app.{feature}.{name}") is None:
                continue
            module = import_module(f"app.{feature}.{name}")
            if hasattr(module, "bp"):
                app.register_blueprint(module.bp)
            if hasattr(module, "register"):
                module.register(app)
    if find_spec("app.cli") is not None:
        import_module("app.cli").register(app)
