"""The project's models. Larger parts are better off in applications of their own."""
