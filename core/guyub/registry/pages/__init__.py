"""The pages about households: each module answers one step of an officer's work."""
