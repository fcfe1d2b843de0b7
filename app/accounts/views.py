"""Signing in and out."""

from __future__ import annotations

from flask import Flask

from app.accounts import permissions


def register(app: Flask) -> None:
    """Let the whole house know who acts."""
    permissions.register(app)
