"""The justice measures a second time, in plain Python, written from the definitions and not from the SQL.

One module for each subject, one function for each rule. ``answers.py`` asks them all about one child;
``test_equal_to_the_models.py`` holds the answers against what the models make of the same records.
"""
