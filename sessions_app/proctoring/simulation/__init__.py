"""Runs hundreds of simulated candidates against a server, then checks the promises.

It is the stress test and the demonstration: drops, duplicates, two tabs, late beacons, killed
workers; at the end every acknowledged answer is there and every session is in the right state.
"""
