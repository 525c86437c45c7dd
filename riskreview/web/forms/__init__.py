"""Forms, written by hand: one per verb."""
