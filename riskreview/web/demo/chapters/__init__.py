"""The story by chapters, each told with public verbs only."""
