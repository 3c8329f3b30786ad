"""``manage.py make_password``: the hash of a password, for MASTER_PASSWORD."""

import getpass
import secrets
import sys

from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from ixc_django_docker.master_password import weakness


class Command(BaseCommand):
    """Prints a hash on stdout, and all else on stderr."""

    help = "Print the hash of a strong password, which MASTER_PASSWORD takes outside of DEBUG."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--generate", action="store_true", help="make up a password and show it once, on stderr"
        )

    def handle(self, *args, **options):
        if options["generate"]:
            password = secrets.token_urlsafe(48)
            self.stderr.write(f"The password, which is not stored anywhere: {password}")
        else:
            password = self.read()
        problem = weakness(password)
        if problem:
            raise CommandError(
                f"This password is too weak to open every account: {problem}. "
                "`manage.py make_password --generate` makes up a strong one."
            )
        self.stdout.write(make_password(password))
        self.stderr.write("In a dotenv file it belongs in single quotes: MASTER_PASSWORD='…'")

    def read(self):
        """Return the password that is typed twice, or that comes through a pipe."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("The same again: "):
            raise CommandError("The two are not the same.")
        return password
