"""What every sink must hold, computed from the records of the topics."""
