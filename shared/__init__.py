"""What all stages mean by the same word, and the machinery none should write twice.

No business rule of any stage lives here.
"""
