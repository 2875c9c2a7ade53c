"""The main job: two invented lending platforms, simulated borrowers, and a clock that everybody follows."""
