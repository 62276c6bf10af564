"""Opens many connections from a process of its own, and holds them until its input ends."""

import resource
import socket
import sys


def main() -> None:
    port, count = map(int, sys.argv[1:])
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 200), hard))
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    sys.stdout.write(f"{len(held)}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
