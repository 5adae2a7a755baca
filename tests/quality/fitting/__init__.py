"""How are weights fitted to questions whose answers are known?"""
