# SPDX-License-Identifier: Apache-2.0
# An FTP server for one folder and one user (pyftpdlib): FOLDER USER PASSWORD [CERTIFICATE_AND_KEY for TLS on demand].
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

folder, user, password, *tls = sys.argv[1:]
handler = FTPHandler
if tls:
    from pyftpdlib.handlers import TLS_FTPHandler as handler

    handler.certfile = tls[0]
    handler.tls_control_required = handler.tls_data_required = True
    # Without it OpenSSL refuses a client that resumes its session for the data, as real servers ask of it.
    handler.get_ssl_context().set_session_id(b"ftp")
handler.authorizer = DummyAuthorizer()
handler.authorizer.add_user(user, password, folder, perm="elradfmw")
server = FTPServer(("127.0.0.1", 0), handler)
print("port", server.socket.getsockname()[1], flush=True)
server.serve_forever()
