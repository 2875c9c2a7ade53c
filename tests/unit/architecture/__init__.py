"""The shape of the code, checked as tests are."""
