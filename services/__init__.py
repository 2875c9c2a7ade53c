"""The five stages of a case: intake, assessment, outreach, negotiation, reporting."""
