"""What do Word and PowerPoint files have in common?

Packed XML parts that name each other (`parts`), the names in that XML (`names`), properties (`properties`), and
drawings with their text, charts and diagrams (`drawing`).
"""
