"""How does the bot live in Discord?"""
