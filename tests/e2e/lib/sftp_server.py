# SPDX-License-Identifier: Apache-2.0
# An SFTP server for one folder and one user (asyncssh): FOLDER USER PASSWORD HOST_KEY (made where it is missing) [PORT].
import asyncio
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
import asyncssh  # noqa: E402

folder, user, password, key_file, *port = sys.argv[1:]
if not pathlib.Path(key_file).exists():
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(key_file)


class Login(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, given_user, given):
        return (given_user, given) == (user, password)


async def main():
    server = await asyncssh.create_server(
        Login, "127.0.0.1", int(port[0]) if port else 0, server_host_keys=[key_file], reuse_address=True,
        sftp_factory=lambda connection: asyncssh.SFTPServer(connection, chroot=folder.encode()))
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
