"""What went wrong with a request, in words of ours."""

from __future__ import annotations

import errno
import re
import socket
import ssl

import aiohttp

from roadmap_site.links.seen import Failure

# OpenSSL's numbers (x509_vfy.h) for why a certificate is not trusted.
_CERTIFICATE = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "it is signed by nobody who is trusted",
    20: "it is signed by nobody who is trusted",
    21: "it is signed by nobody who is trusted",
    23: "it was revoked",
    62: "it is for another name",
    64: "it is for another name",
}
_NO_AGREEMENT = "no secure connection could be agreed on"
_NO_SUCH_NAME = {
    socket.EAI_NONAME,
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME),  # a name without any address
}
_OF_ERRNO = {
    errno.ECONNREFUSED: Failure.REFUSED,
    errno.ECONNRESET: Failure.RESET,
    errno.ECONNABORTED: Failure.RESET,
    errno.EPIPE: Failure.RESET,
    errno.ETIMEDOUT: Failure.TIMEOUT,
}
_ERRNO = re.compile(r"\[Errno (\d+)\]")


def failure_of(error: Exception) -> tuple[Failure, str]:
    """The failure that an error of a request stands for, and more about it where that helps."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Failure.TLS, _about_certificate(error.certificate_error)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return _of_lookup(error.os_error), ""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ClientOSError):
        return _of_connection(error)
    if isinstance(error, TimeoutError):
        return Failure.TIMEOUT, ""
    if isinstance(error, aiohttp.ServerDisconnectedError):
        # Told without an answer, or in the middle of its head.
        return Failure.RESET, ""
    return Failure.GARBAGE, ""


def _about_certificate(error: Exception) -> str:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else None
    return _CERTIFICATE.get(code, "") if code else ""


def _of_lookup(error: OSError) -> Failure:
    is_sure = isinstance(error, socket.gaierror) and error.errno in _NO_SUCH_NAME
    return Failure.NO_HOST if is_sure else Failure.LOOKUP


def _of_connection(error: OSError) -> tuple[Failure, str]:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error.__cause__
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionResetError):
        return Failure.RESET, ""  # in the middle of a handshake it has no number
    if isinstance(cause, ssl.SSLError):
        return Failure.TLS, _NO_AGREEMENT
    if isinstance(error, aiohttp.ClientConnectorError):
        numbers = [error.os_error.errno, *map(int, _ERRNO.findall(str(error.os_error)))]
        # Of several addresses, the one that got furthest tells most.
        found = [_OF_ERRNO[number] for number in numbers if number in _OF_ERRNO]
        return (found[0] if found else Failure.UNREACHABLE), ""
    return _OF_ERRNO.get(error.errno or 0, Failure.RESET), ""
