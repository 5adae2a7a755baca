"""Which chat services are there? One folder each, the same file names in each."""
