"""Screens: one package or module per noun; they know services and queries, never each other."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from flask import Blueprint

NAMES = (
    "auth",
    "home",
    "customers",
    "policies",
    "claims",
    "documents",
    "search",
    "registers",
    "admin",
    "audit",
    "catalogue",
    "climate",
    "borrowing",
    "storage",
    "notices",
    "repairs",
    "rounds",
    "transfers",
    "reading",
    "casework",
    "consultations",
    "surveys",
    "answering",
    "clocks",
    "duties",
    "figures",
    "intake",
    "volumes",
    "agent",
    "completeness",
    "imports",
)


def screens() -> Iterable[Blueprint]:
    """Return the blueprints of all screens."""
    return [import_module(f"app.blueprints.{name}").screen for name in NAMES]
