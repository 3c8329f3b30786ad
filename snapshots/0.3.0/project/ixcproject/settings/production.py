"""The project's settings on the public site."""

# Who gets a mail about every error.
# ADMINS = [("Ada", "ada@example.com")]
