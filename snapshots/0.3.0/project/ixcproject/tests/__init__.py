"""The project's tests. ``runtests.sh`` runs them, and so do ``pytest`` and ``manage.py test``."""
