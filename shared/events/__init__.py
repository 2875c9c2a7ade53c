"""The contracts: one module an event, pydantic alone. Business events carry no personal data."""
