"""The consultation itself: slug, zone, languages, guiding questions, receiving body, status."""
