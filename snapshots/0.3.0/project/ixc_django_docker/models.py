"""Tables of the wrapper itself."""

from django.db import models


class UniqueFile(models.Model):
    """The unique name under which a file that was uploaded as ``name`` is stored now."""

    access = models.CharField(
        max_length=7, choices=[("public", "public"), ("private", "private")], default="public"
    )
    name = models.CharField(max_length=500)
    unique_name = models.CharField(max_length=500, db_index=True)
    modified = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["access", "name"], name="ixc_unique_file_name"),
        )

    def __str__(self):
        return self.name
