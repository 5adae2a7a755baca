"""How does one answer become what each surface shows?"""
