"""Measurements. Each compares things that are done side by side in one run and tells ratios: a number of one machine
says nothing about another.

- `readers`: an article from the readers' origin against a plain Django response of the same bytes.
"""
