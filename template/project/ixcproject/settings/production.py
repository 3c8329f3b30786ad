"""The project's settings on the public site."""
