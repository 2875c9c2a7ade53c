"""The ways out: mail over SMTP; text messages, calls and letters over a provider; each behind one port."""
