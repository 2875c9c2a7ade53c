"""The legal track: no step in law without proof of every softer step and counsel's signature over the exact file."""
