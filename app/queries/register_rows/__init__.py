"""The rows of every register: one table from its kind to how it is read, a module for each form."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.registers import RegisterKind
from app.queries.register_rows import (
    call_backs,
    climate,
    complaints,
    consultations,
    customers,
    filed_items,
    loans,
    missing_papers,
    movements,
    repairs,
    safety,
    satisfaction,
    scan_batches,
    stocktakes,
    transfers,
    uses,
    volumes,
)
from app.queries.register_rows.reading import RegisterReader

READERS: Mapping[RegisterKind, RegisterReader] = {
    RegisterKind.FILED_ITEMS: filed_items.READER,
    RegisterKind.CUSTOMERS: customers.READER,
    RegisterKind.LOANS: loans.READER,
    RegisterKind.USES: uses.READER,
    RegisterKind.EFFECTS: uses.EFFECTS_READER,
    RegisterKind.MOVEMENTS: movements.READER,
    RegisterKind.CLIMATE: climate.READER,
    RegisterKind.SAFETY: safety.READER,
    RegisterKind.STOCKTAKE: stocktakes.READER,
    RegisterKind.REPAIRS: repairs.READER,
    RegisterKind.TRANSFER: transfers.READER,
    RegisterKind.HANDOVER: transfers.HANDOVER_READER,
    RegisterKind.COMPLAINTS: complaints.READER,
    RegisterKind.CONSULTATIONS: consultations.READER,
    RegisterKind.CALL_BACKS: call_backs.READER,
    RegisterKind.SCAN_BATCHES: scan_batches.READER,
    RegisterKind.MISSING_PAPERS: missing_papers.READER,
    RegisterKind.SATISFACTION: satisfaction.READER,
    RegisterKind.VOLUMES: volumes.READER,
    RegisterKind.VOLUME_ITEMS: volumes.ITEMS_READER,
}
