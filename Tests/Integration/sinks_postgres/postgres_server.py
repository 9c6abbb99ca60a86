"""A PostgreSQL server of the tests' own: on loopback, on a free port, in a folder that goes with it. The cluster that the Debian package
may have started has no part in it."""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARIES = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
ROOT = pathlib.Path(__file__).resolve().parents[3]
# PostgreSQL refuses to run as root.
AS_SERVER = dict(user="postgres", group="postgres", extra_groups=[]) if os.geteuid() == 0 else {}


class PostgresServer:
    def __init__(self, address="127.0.0.1", standby_of=None, **settings):
        self.address = address
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
        self.give(self.folder)
        if standby_of:
            # On another address of the loopback, so that one port serves for both.
            self.port = standby_of.port
            self._run(BINARIES / "pg_basebackup", "-D", self.data, "-h", standby_of.address, "-p", self.port, "-U", "postgres", "-R",
                      "--checkpoint=fast")
        else:
            with socket.create_server((address, 0)) as probe:
                self.port = probe.getsockname()[1]
            self._run(BINARIES / "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust")
            (self.data / "pg_hba.conf").write_text(
                "local all postgres trust\nhost all,replication postgres 127.0.0.0/8 trust\nhost all all 127.0.0.0/8 scram-sha-256\n")
        self.configure(listen_addresses=f"'{address}'", port=self.port, unix_socket_directories=f"'{self.folder}'", **settings)
        self.start()

    @staticmethod
    def give(path):
        """To the account that the server runs as."""
        if AS_SERVER:
            account = pwd.getpwnam("postgres")
            os.chown(path, account.pw_uid, account.pw_gid)

    @property
    def data(self):
        return self.folder / "data"

    def configure(self, **settings):
        with open(self.data / "postgresql.conf", "a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _run(self, *words):
        done = subprocess.run([*map(str, words)], capture_output=True, text=True, cwd=self.folder, **AS_SERVER)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [BINARIES / "postgres", "-D", self.data], stdout=log, stderr=log, cwd=self.folder, **AS_SERVER)
        for _ in range(600):
            if subprocess.run([BINARIES / "pg_isready", "-q", "-h", self.address, "-p", str(self.port)]).returncode == 0:
                return
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            time.sleep(0.05)
        raise AssertionError("the server did not become ready: " + (self.folder / "server.log").read_text())

    def kill(self):
        """As a machine that loses power: the postmaster and every backend, at once."""
        children = subprocess.run(["ps", "--ppid", str(self.process.pid), "-o", "pid="], capture_output=True, text=True).stdout.split()
        for process in [self.process.pid, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(120)

    def close(self):
        # Nothing in it is wanted any more: a tidy end would write all of it to the disk.
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, text, database="postgres", user="postgres", check=True, password=None):
        """Runs SQL and gives what it prints: values apart by `|`, rows by lines."""
        done = subprocess.run(
            [BINARIES / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.address, "-p", str(self.port), "-U", user, "-d", database],
            input=text, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "PGPASSWORD": password or ""})
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip() if check else done

    def promote(self):
        self._run(BINARIES / "pg_ctl", "-D", self.data, "promote", "-w")

    def make_database(self, name, template="template0"):
        self.psql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name
