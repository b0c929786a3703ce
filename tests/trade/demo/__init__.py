"""`./dev demo`."""
