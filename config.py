"""Settings from the environment, and the keys that DATA_DIR keeps."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
LOOPBACK = {"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104  (names to recognise, not to bind)


class NotConfigured(SystemExit):
    """A setting is missing or unsafe; the message is one sentence for whoever starts the server."""


def load(env: os._Environ | dict[str, str] = os.environ) -> dict:
    """Return Flask's configuration from ``env``; creates DATA_DIR and its keys at first start."""
    data_dir = Path(env.get("DATA_DIR") or ROOT / "instance").resolve()
    port = number(env, "PORT", 8000)
    host = env.get("HOST") or "127.0.0.1"
    site_url = (env.get("SITE_URL") or f"http://{host_in_url(host)}:{port}").rstrip("/")
    site = urlsplit(site_url)
    if site.scheme not in ("http", "https") or not site.hostname:
        raise NotConfigured(f"SITE_URL must be a whole http(s) address, not {site_url!r}.")
    production = site.scheme == "https" or env.get("APP_ENV") == "production"
    refuse_default_secret(env, production=production)
    keys = stored_keys(data_dir)
    secret = env.get("SECRET_KEY") or keys["secret"]
    return {
        "APP_ENV": env.get("APP_ENV", "production" if production else "development"),
        "DATA_DIR": data_dir,
        "HOST": host,
        "PORT": port,
        "SITE_URL": site_url,
        "SITE_HOST": site.hostname,
        "SITE_NAME": env.get("SITE_NAME") or "Open Talks",
        "SITE_IS_LOOPBACK": site.hostname in LOOPBACK,
        "UID_HOST": "open-talks.invalid" if site.hostname in LOOPBACK else site.hostname,
        "SECRET_KEY": secret,
        "LINK_KEY": bytes.fromhex(keys["links"]),
        "SQLALCHEMY_DATABASE_URI": database_url(env, data_dir),
        "REDIS_URL": env.get("REDIS_URL") or None,
        "MAIL_URL": env.get("MAIL_URL") or f"file://{data_dir / 'mail'}",
        "MAIL_SENDER": env.get("MAIL_SENDER") or f"calendar@{site.hostname}",
        "WEB_WORKERS": number(env, "WEB_WORKERS", 1, least=1),
        "PROXY_HOPS": number(env, "PROXY_HOPS", 0),
        "METRICS_TOKEN": env.get("METRICS_TOKEN") or None,
        "CHANGE_NOTICE_MINUTES": number(env, "CHANGE_NOTICE_MINUTES", 15),
        "RETENTION_MONTHS": number(env, "RETENTION_MONTHS", 12, least=1),
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": site.scheme == "https",
        "SESSION_COOKIE_NAME": "__Host-staff" if site.scheme == "https" else "staff",
        "TEMPLATES_AUTO_RELOAD": not production,
        "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "SECURITY_PASSWORD_SALT": keys["password_salt"],
        "SECURITY_TOTP_SECRETS": {"1": keys["totp"]},
    }


def number(env, name: str, default: int, *, least: int = 0) -> int:
    """Return the whole number in ``env[name]``."""
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise NotConfigured(f"{name} must be a whole number of at least {least}, not {text!r}.")
    return int(text)


def host_in_url(host: str) -> str:
    """Return ``host`` as an address a person on this machine can open."""
    if host in ("0.0.0.0", ""):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def database_url(env, data_dir: Path) -> str:
    """Return SQLAlchemy's URL; PostgreSQL always goes through psycopg 3."""
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'open-talks.db'}"
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url[len(scheme) :]
    return url


def refuse_default_secret(env, *, production: bool) -> None:
    """Refuse to start in public with a secret that everybody knows."""
    given = env.get("SECRET_KEY")
    if given is not None and production and (len(given) < 32 or len(set(given)) < 8):
        raise NotConfigured(
            "SECRET_KEY must be at least 32 random characters; leave it out to have one made."
        )


def stored_keys(data_dir: Path) -> dict[str, str]:
    """Return the installation's keys, made at first start and readable by its owner only."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / "keys.json"
    made = {name: secrets.token_hex(32) for name in ("secret", "links", "password_salt")}
    made["totp"] = secrets.token_urlsafe(32)
    if not file.exists():
        aside = data_dir / f".keys-{secrets.token_hex(4)}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(made, out)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(aside, file)  # two first starts at once agree on one file
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    keys = json.loads(file.read_text())
    if missing := set(made) - set(keys):
        raise NotConfigured(f"{file} lacks {', '.join(sorted(missing))}; restore it from a backup.")
    return keys
