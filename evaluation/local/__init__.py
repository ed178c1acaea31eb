"""The local rubric check: a measured scorer without network, training or randomness."""
