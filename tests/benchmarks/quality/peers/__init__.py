"""Which other engines stand in the table? Each as its users are told to use it, with the best quote it can make."""
