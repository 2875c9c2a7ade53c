"""Outreach contacts people about assessed cases: it runs the strategy's ladder, step by step, channel by channel.

No contact leaves without an allow decision of the gate, a pure function; every decision is stored and can be re-run.
What people answer (stop, dispute, hardship, complaint, promise) takes effect on the very next decision.
"""
