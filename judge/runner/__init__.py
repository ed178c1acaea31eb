"""The sandbox and its process. Standard library only, no Django, no settings."""
