"""Contributions: everything said in a consultation, how it is named, and who lets it be read."""
