#!/usr/bin/env python3
"""Run a management command, where IDEs and hosts expect to find it."""

from ixc_django_docker.manage import main

if __name__ == "__main__":
    main()
