"""Benchmarks: what a request costs, as a ratio against a floor measured in the same run."""
