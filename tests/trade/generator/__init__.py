"""Records of the three source topics, and what is wrong with some of them, drawn from a seed."""
