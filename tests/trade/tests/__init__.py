"""Tests of the generator, the recomputation and the comparison."""
