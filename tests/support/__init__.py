"""What tests share: servers, builders, clocks that stand still."""
