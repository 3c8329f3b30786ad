"""The project's settings modules, executed by ``ixc_django_docker.settings``, not imported."""
