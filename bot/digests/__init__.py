"""What goes into a digest, when is it due, and how is it sent once?"""
