"""How does an older database become the one that this version needs?"""
