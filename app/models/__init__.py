"""Tables, one file per noun: shape without behaviour. Importing this package knows them all."""

from app.models import (
    accounts,
    borrowing,
    claims,
    climate,
    customers,
    documents,
    evidence,
    machinery,
    policies,
    rounds,
    storage,
    transfers,
)

__all__ = [
    "accounts",
    "borrowing",
    "claims",
    "climate",
    "customers",
    "documents",
    "evidence",
    "machinery",
    "policies",
    "rounds",
    "storage",
    "transfers",
]
