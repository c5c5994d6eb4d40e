# SPDX-License-Identifier: Apache-2.0
# An FTP server for one folder and one user (pyftpdlib): FOLDER USER PASSWORD.
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

folder, user, password = sys.argv[1:]
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user(user, password, folder, perm="elradfmw")
server = FTPServer(("127.0.0.1", 0), FTPHandler)
print("port", server.socket.getsockname()[1], flush=True)
server.serve_forever()
