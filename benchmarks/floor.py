"""The floor: bare Flask views that send the same bytes, or insert and commit one row."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, event

metadata = MetaData()
rows = Table(
    "floor",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200)),
    Column("email", String(320)),
)


def create_floor() -> Flask:
    """Return the bare application; FLOOR_BODIES is the folder of the bodies it sends."""
    app = Flask("floor", static_folder=None)
    bodies = Path(os.environ["FLOOR_BODIES"])
    engine = engine_like_ours(os.environ["FLOOR_DATABASE_URL"])
    metadata.create_all(engine)

    for file in sorted(bodies.iterdir()):
        app.add_url_rule(f"/{file.name}", file.name, sender(file.read_bytes()))

    @app.get("/unchanged")
    def unchanged() -> Response:
        response = Response(status=304)
        response.headers["ETag"] = request.headers["If-None-Match"]
        return response

    @app.post("/insert")
    def insert():
        sent = request.get_json()
        with engine.begin() as connection:
            done = connection.execute(rows.insert().values(name=sent["name"], email=sent["email"]))
        return {"id": done.inserted_primary_key[0]}, 201

    return app


def sender(body: bytes):
    """Return a view that sends ``body``."""

    def send() -> Response:
        return Response(body, content_type="text/calendar; charset=utf-8")

    return send


def engine_like_ours(url: str):
    """Return an engine that keeps what it acknowledged, as the house's own does."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def durable(connection, _record) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
                connection.execute(f"PRAGMA {pragma}")

    return engine
