"""`./dev chaos`."""
