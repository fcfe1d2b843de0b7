"""Statistics, synthesis, the Information Document: from what was said to what became of it."""
