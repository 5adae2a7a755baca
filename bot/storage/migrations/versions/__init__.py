"""Which steps lead from an empty database to this version's?"""
