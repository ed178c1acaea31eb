"""Starts Etude and the servers it needs, on a laptop or in the tests. Standard library only."""
