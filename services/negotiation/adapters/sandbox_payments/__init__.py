"""Sandbox Pay: a simulated payment provider with a page of its own, an interface and signed notices.

It moves no money, asks for no card and keeps its memory apart. What it does wrong it does on command, so that every
trouble of real providers can be had at will: see `CODES` in house.py.
"""
