"""Which passwords are refused, and what a new password ends."""
