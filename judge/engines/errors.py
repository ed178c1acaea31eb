class EngineUnavailable(Exception):
    """No answer that can be trusted: unreachable, hung, refused, or nonsense. Try again later."""
