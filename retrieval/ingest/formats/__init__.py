"""How is text taken out of each kind of file? One module a format."""
