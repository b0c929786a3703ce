"""The trade pipeline's seeded generator and an independent recomputation of every sink."""
