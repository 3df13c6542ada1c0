"""Education, employment and training a second time, in plain Python, written from the definitions and not from the SQL.

One module for each subject, one function for each rule; ``answers.py`` asks them all about the children of a world.
"""
