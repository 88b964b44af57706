"""Invented people, contracts and papers for the demo and for tests: nothing in here is about anybody."""
