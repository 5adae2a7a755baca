"""Does each surface show every quote exactly, within its limits?"""
