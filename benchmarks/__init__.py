"""Measurements (`script/bench`) and attacks (`script/faults`), one module per name."""
