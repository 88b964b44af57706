"""Tests of the deadline engine."""
