"""Pure rules: no I/O, no clock, the same answer for the same arguments."""
