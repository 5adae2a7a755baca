"""How does a digest look on each surface?"""
