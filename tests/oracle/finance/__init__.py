"""Money a second time, in plain Python and whole pennies, written from the definitions and not from the SQL.

One module for each subject, one function for each rule; ``answers.py`` asks them all about one world, which is one service.
"""
