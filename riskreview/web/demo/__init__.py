"""The demonstration of January 2025: its newsroom and the story told with public verbs."""
