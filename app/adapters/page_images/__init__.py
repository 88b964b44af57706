"""What runs in the children that work on page images; nothing of it is imported by the portal itself but `wire`."""
