"""What the sinks hold, against the recomputation and as reports."""
