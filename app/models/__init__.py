"""Tables, one file per noun: shape without behaviour. Importing this package knows them all."""

from app.models import accounts, claims, customers, documents, machinery, policies

__all__ = ["accounts", "claims", "customers", "documents", "machinery", "policies"]
