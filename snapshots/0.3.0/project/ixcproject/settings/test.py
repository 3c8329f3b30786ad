"""The project's settings while tests run."""
