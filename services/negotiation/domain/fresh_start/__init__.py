"""After a debt is cleared: its entry at the credit bureau is put right, and somebody asks calmly how things go."""
