"""Assessment: scores every case on ability and willingness to pay, and gives it a grade, a stage and a strategy.

It hears what is known of a case (received, updated, contacts, replies, payments, plans, defaults) and keeps the facts.
It announces case.assessed whenever the treatment that follows from the facts is another one than before.
"""
