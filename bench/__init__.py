"""Benchmarks: `script/bench [NAME] [--json FILE]` prints a table and writes the same figures."""
