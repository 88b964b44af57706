"""What runs in the children that read pages; nothing of it is imported by the portal itself."""
