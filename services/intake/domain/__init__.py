"""The rules of verifying a placement: plain functions over plain values."""
