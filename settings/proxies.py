"""Choose the HTTP proxy for each address that the bot calls, by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

One reading for all clients: the Slack SDK (3.48) ignores NO_PROXY, and httpx (0.28) fails at ``[::1]`` in it.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult

from settings.applications import ApplicationSettings
from settings.environment import SettingsError, is_loopback, split_url

VARIABLES = {"https": "HTTPS_PROXY", "http": "HTTP_PROXY"}
FOR_ALL, EXCEPT = "ALL_PROXY", "NO_PROXY"
SUPPORTED = ("http", "https")
PORTS = {"https": 443, "http": 80}


class Proxies:
    """The proxy variables, each in lower or upper case, and an empty one as if unset."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        names = (*VARIABLES.values(), FOR_ALL, EXCEPT)
        spellings = [spelling for name in names for spelling in (name, name.lower())]
        self._given = {name: environ[name].strip() for name in spellings if environ.get(name, "").strip()}

    def of(self, url: str) -> str | None:
        """Return the proxy's URL for this address, or None to connect directly, as to every loopback address.

        An empty URL has no proxy.

        Raises SettingsError if it is not an HTTP proxy.
        """
        address = split_url(url)
        name = self._name_of(VARIABLES.get(address.scheme, "")) or self._name_of(FOR_ALL)
        if not (name and address.hostname) or is_loopback(url) or self._is_exempt(address):
            return None
        proxy = self._given[name] if "://" in self._given[name] else f"http://{self._given[name]}"
        if not _is_supported(proxy):
            raise SettingsError(f"{name}: expected an http:// or https:// proxy, such as http://proxy.example:3128")
        return proxy

    def _name_of(self, variable: str) -> str:
        return next((name for name in (variable.lower(), variable) if name in self._given), "")

    def _is_exempt(self, address: SplitResult) -> bool:
        listed = self._given.get(self._name_of(EXCEPT), "")
        return any(_covers(entry, address) for entry in listed.replace(",", " ").split())


def check_proxies(proxies: Proxies, applications: Sequence[ApplicationSettings], *others: str) -> None:
    """Raise SettingsError if an address of the settings, or another, leads through a proxy that the bot cannot use."""
    shared = applications[0].settings
    hosts = (application.settings.KORE_BASE_URL for application in applications)
    for url in (*hosts, shared.SLACK_API_URL, shared.WEBHOOK_URL or "", *others):
        proxies.of(url)


def _is_supported(proxy: str) -> bool:
    address = split_url(proxy)
    return address.scheme in SUPPORTED and bool(address.hostname) and address.port != 0


def _covers(entry: str, address: SplitResult) -> bool:
    """Return whether an entry of NO_PROXY covers the address.

    An entry is ``*``, a domain with its subdomains, an IP address, or a block of them; a port may follow.
    """
    host = (address.hostname or "").rstrip(".")
    if entry == "*":
        return True
    if (ip := _ip(host)) and "/" in entry:
        return _is_in(ip, entry)
    name, port = _split(entry.casefold())
    if port and port != str(address.port or PORTS.get(address.scheme)):
        return False
    if ip:
        return _ip(name) == ip
    domain = name.removeprefix("*").strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _split(entry: str) -> tuple[str, str]:
    """Return host and port; the port is empty where there is none."""
    if entry.startswith("["):
        host, _, port = entry[1:].partition("]")
        return host, port.removeprefix(":")
    if entry.count(":") == 1:
        host, _, port = entry.partition(":")
        return host, port
    return entry, ""


def _is_in(ip: IPv4Address | IPv6Address, block: str) -> bool:
    try:
        return ip in ip_network(block.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return False


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
