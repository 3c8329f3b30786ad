"""The project's settings on a developer's machine."""
