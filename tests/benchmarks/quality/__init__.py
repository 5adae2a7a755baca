"""How good are our quotes beside those of other engines, on the same questions in the same run?"""
