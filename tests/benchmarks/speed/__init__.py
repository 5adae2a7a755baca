"""How fast is Quoth beside other engines, from ten thousand passages to a million?"""
