"""How does a stretch of text become terms?"""
