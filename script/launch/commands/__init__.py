"""One module per script: what it does, in order."""
