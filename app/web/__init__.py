"""What every door shares: who may, what is refused, how documents are cached, which headers."""
