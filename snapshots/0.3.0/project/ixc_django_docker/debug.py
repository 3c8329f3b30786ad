"""Who may see the debug toolbar, and what templates show while DEBUG is on."""

import ipaddress

from django.conf import settings


def show_toolbar(request):
    """Show it whenever DEBUG is on.

    Not tied to INTERNAL_IPS: behind Docker's network the address of the browser is never the same.
    """
    return bool(settings.DEBUG)


class PrivateAddresses(list):
    """Every address of this machine and of private networks: behind Docker's it is never the same one."""

    def __contains__(self, address):
        try:
            return super().__contains__(address) or ipaddress.ip_address(address).is_private
        except ValueError:
            return False
