# SPDX-License-Identifier: Apache-2.0
# A service manager's end of sd_notify(3): prints each message that comes to the socket of the first argument.
import socket
import sys

with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
    listener.bind(sys.argv[1])
    print("listening", flush=True)
    while True:
        print(listener.recv(4096).decode(), flush=True)
