"""Ports of 127.0.0.1 for the servers that tests start."""
import random
import socket

# Below those that systems take for outgoing connections: what is free now is still free when its server starts.
RANGE = range(12000, 32000)


def free_port(count=1):
    """The first of `count` ports that follow each other, none of them in use."""
    while True:
        first = random.choice(RANGE[:-count])
        if all(is_free(port) for port in range(first, first + count)):
            return first


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
