"""Screens made only of the shared macros and invented rows, to try the look without the portal.

`python -m tests.web.gallery DIR` writes them into DIR for looking at in a browser.
"""
