"""保档 (Baodang): the portal for an insurer's customer archives."""
