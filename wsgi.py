"""The application for `flask --app wsgi` and for the production server."""

from app import create_app

app = create_app()
