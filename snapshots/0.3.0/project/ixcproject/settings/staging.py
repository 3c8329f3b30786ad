"""The project's settings on the staging site."""
