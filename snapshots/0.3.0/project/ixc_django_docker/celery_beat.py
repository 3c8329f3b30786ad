"""The scheduler of ``celerybeat.sh``: schedules in the database, and a sign of life for probes."""

from django_celery_beat.schedulers import DatabaseScheduler

from ixc_django_docker import alive


class Scheduler(DatabaseScheduler):
    """Reads schedules from the database, where the admin can change them while it runs."""

    def tick(self, *args, **kwargs):
        """Send what is due; return the seconds until the next look."""
        wait = super().tick(*args, **kwargs)
        alive.touch("celerybeat")
        return wait
