"""Code that would make sense in another project: no tables, no settings, no clock."""
